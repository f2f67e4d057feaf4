"""The three brakes, and what each function does to customers and to the others."""
