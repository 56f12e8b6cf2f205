"""A copy of the package whose kernels do not ask for the laws that few devices have."""

import ast
import shutil
from pathlib import Path

import eisfv

# Conditions of the kernels: `if` statements that are left out, with what stands after else in their place.
ASKED = {
    "equations/assemble.py": (
        "t.trap.shape[0] > 0",
        "t.slope_left.shape[0] > 0",
        "t.recombination.shape[0] > 0",
        "of_species(t.charge.size) < t.follow.shape[1]",
    ),
    "equations/local.py": (
        "t.size.shape[0] > 0",
        "t.hole_excess.shape[0] > 0",
        "t.diffusion.shape[0] > 0",
        "gradients[r] != 0.0",
        "electron >= 0 and shares_excess(curves[r])",
        "shares_excess(curves[r])",
    ),
    "equations/contacts.py": (
        "t.contact[b, 2] > 0.0",
        "kind == RESISTIVE_CONTACT and t.kind[t.region[cell], t.electron[0]] == ABSENT",
        "kind == RESISTIVE_CONTACT",
    ),
    "physics/transfer.py": ("kind == MARCUS_HUSH_CHIDSEY", "kind == COUPLED", "kind == BARRIER"),
    "physics/open_circuit.py": ("shares_excess(row)",),
}
# Those whose answer is taken for yes: ideal electrons return at once.
YES = {"physics/open_circuit.py": ("not shares_excess(row)",)}


class Without(ast.NodeTransformer):
    """Leaves conditions out; `left` are those that were not found."""

    def __init__(self, asked: tuple[str, ...], yes: tuple[str, ...]) -> None:
        self.asked, self.yes, self.left = asked, yes, {*asked, *yes}

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        """Return what stands in the place of a condition."""
        self.generic_visit(node)
        condition = ast.unparse(node.test)
        self.left.discard(condition)
        if condition in self.yes:
            return node.body
        if condition in self.asked:
            return node.orelse or [ast.Pass()]
        return node


def copied_without_laws(target: Path) -> None:
    """Copy the package into a directory, without them. Raises LookupError where a condition is not in its file."""
    own = Path(eisfv.__file__).parent
    shutil.copytree(own, target / "eisfv", ignore=shutil.ignore_patterns("__pycache__", "docs"))
    for name, asked in ASKED.items():
        file = target / "eisfv" / name
        without = Without(asked, YES.get(name, ()))
        tree = without.visit(ast.parse(file.read_text()))
        if without.left:
            raise LookupError(f"{name}: {', '.join(sorted(without.left))}: not asked there any more")
        file.write_text(ast.unparse(ast.fix_missing_locations(tree)))
