"""Compiled functions that other compiled code calls through their address.

A function that is called by name is compiled into every caller again, and into the callers of these: of a nest seven
deep the innermost loops were optimised seven times. One that is `apart` is compiled once, for itself, and only when it
is first called: a law that a device does not have costs nothing. A call is an indirect one, a few nanoseconds, and its
arguments are not seen by the optimiser; small laws that stand in an inner loop are better compiled into it.

    @apart(none)
    @kernel
    def add_traps(...)

To Python it is the compiled function that it was.
"""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

from numba.core import cgutils, types
from numba.core.typing.templates import Signature, signature
from numba.extending import lower_builtin, type_callable

# Module, name in it and signature of what the code compiled so far in this process calls.
called_so_far: list[tuple[str, str, Signature]] = []


class Apart:
    """A compiled function that compiled code calls through its address; `name` is its own in its module."""

    def __init__(self, compiled: Any, returns: types.Type, name: str = "") -> None:
        self.compiled, self.returns = compiled, returns
        self.__module__, self.__name__ = compiled.py_func.__module__, name or compiled.py_func.__name__
        self.__doc__ = compiled.__doc__
        type_callable(self)(self.typed)
        lower_builtin(self, types.VarArg(types.Any))(self.lowered)

    def __call__(self, *arguments: Any) -> Any:
        """Call the function from Python."""
        return self.compiled(*arguments)

    @property
    def py_func(self) -> Any:
        """The function in Python."""
        return self.compiled.py_func

    def typed(self, context: Any) -> Callable[..., Signature]:
        """Return what gives the signature of a call: what it returns is declared, as it need not be compiled yet."""

        def typer(*arguments: types.Type) -> Signature:
            found: Signature = signature(self.returns, *(types.unliteral(kind) for kind in arguments))
            return found

        typer.pysig = inspect.signature(self.py_func)  # type: ignore[attr-defined]  # as numba asks for it
        return typer

    def lowered(self, context: Any, builder: Any, sig: Signature, arguments: Any) -> Any:
        """Write the call: the address is asked for at the first one."""
        called = (self.__module__, self.__name__, sig.replace(pysig=None))
        called_so_far.append(called)
        pointer = cgutils.voidptr_t
        place = cgutils.add_global_variable(builder.module, pointer, builder.module.get_unique_name("apart"))
        place.linkage, place.initializer = "internal", cgutils.get_null_value(pointer)
        with builder.if_then(cgutils.is_null(builder, builder.load(place)), likely=False):
            python = context.get_python_api(builder)
            lock = python.gil_ensure()
            ask = python.unserialize(python.serialize_object(address))
            what = python.unserialize(python.serialize_object(called))
            found = python.call_function_objargs(ask, (what,))
            python.decref(ask)
            python.decref(what)
            with builder.if_then(cgutils.is_null(builder, found), likely=False):
                python.gil_release(lock)
                context.call_conv.return_exc(builder)
            builder.store(builder.bitcast(python.long_as_voidptr(found), pointer), place)
            python.decref(found)
            python.gil_release(lock)
        kind = context.call_conv.get_function_type(sig.return_type, sig.args).as_pointer()
        function = builder.bitcast(builder.load(place), kind)
        status, result = context.call_conv.call_function(builder, function, sig.return_type, sig.args, arguments)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return result


def address(called: tuple[str, str, Signature]) -> int:
    """Return the address of a function of a module, compiled for a signature; TypeError where it returns what it does
    not declare."""
    module, name, sig = called
    function = getattr(import_module(module), name)
    # Without what is declared: numba would convert to it.
    function.compiled.compile(tuple(sig.args))
    found = function.compiled.overloads[tuple(sig.args)]
    if found.signature.return_type != sig.return_type:
        raise TypeError(f"{module}.{name} returns {found.signature.return_type}, not {sig.return_type} as it declares")
    return int(found.library.get_pointer_to_function(found.fndesc.llvm_func_name))


def compile_called(without: tuple[str, ...]) -> None:
    """Compile all that the code compiled so far may call, and what that calls, but for modules whose names begin with
    one of `without`."""
    for called in called_so_far:  # which grows meanwhile
        if not called[0].startswith(without):
            address(called)


def apart(returns: types.Type, name: str = "") -> Callable[[Any], Any]:
    """Return the decorator of a compiled function that returns `returns`."""
    return lambda compiled: Apart(compiled, returns, name)
