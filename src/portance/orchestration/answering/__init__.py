"""How soon people answer, whether the same person follows a journey, and whether coded reasons tell what texts tell."""
