"""How machines hand over to humans, and a policy that says when a human should take over."""
