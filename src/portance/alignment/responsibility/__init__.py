"""Who is held to own what: declared, perceived, observed."""
