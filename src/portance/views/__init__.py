"""What a person sees, as frozen typed values: shared by the report, the command line, the API and the web."""
