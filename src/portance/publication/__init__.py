"""What a scan publishes: the tables of the public contract, each with its columns and what they mean."""

from portance.publication.publishing import publish
from portance.publication.table import Column, ResultTable
from portance.publication.tables import RESULT_TABLES

__all__ = ["RESULT_TABLES", "Column", "ResultTable", "publish"]
