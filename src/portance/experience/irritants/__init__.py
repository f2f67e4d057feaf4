"""What each irritant costs: customers lost, contacts and complaints that it brings, beside comparable customers who wrote."""
