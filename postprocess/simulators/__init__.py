"""Files that network simulators load, one module a simulator; none of them is imported here."""
