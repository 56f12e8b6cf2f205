"""The fields of a run for ParaView."""
