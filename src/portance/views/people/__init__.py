"""What a person is told of people and machines: voices, the silent, both sides of a step, the dose, take-over, staying."""
