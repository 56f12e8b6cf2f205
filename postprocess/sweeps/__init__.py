"""Pictures of a sweep, and the indices that tell which input matters."""
