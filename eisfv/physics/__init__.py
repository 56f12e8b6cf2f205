"""The laws: small compiled functions of one cell or one face that return a value and its slopes."""

import eisfv.kernel_cache  # noqa: F401  (before the first kernel is loaded)
