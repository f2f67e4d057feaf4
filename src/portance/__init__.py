"""Portance: where a company's customer experience breaks between its functions."""

__version__ = "0.1.0"
