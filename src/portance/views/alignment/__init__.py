"""What a person is told of alignment: conflicts, watermelons, responsibility, functions, arbitration, incentives."""
