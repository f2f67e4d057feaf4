"""Who should stand before the customer: machine or human, when a human takes over, and how soon anyone answers."""
