"""The version of Portance, told once."""

__version__ = "0.1.0"
