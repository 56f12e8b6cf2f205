"""Properties are tried on the same examples every time, and compiling a kernel is not held against them."""

from hypothesis import settings

settings.register_profile("kernels", deadline=None, derandomize=True)
settings.load_profile("kernels")
