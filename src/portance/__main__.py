"""``python -m portance`` is the command line."""

from portance.cli.main import portance

portance()
