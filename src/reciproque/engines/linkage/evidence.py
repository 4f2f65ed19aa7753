"""What official numbers say of two nodes. It is not learnt: their truth is what the model is learnt from."""

import numpy as np

from reciproque.engines.linkage.encoding import NIC, SIREN, Nodes
from reciproque.engines.linkage.kernels import Floats, Ints

SAME_SIREN, SAME_SIRET, OTHER_SIRET, OTHER_SIREN = 9.0, 9.0, -3.0, -9.0
"""Log-odds that they add."""


def evidence(nodes: Nodes, left: Ints, right: Ints, level: str) -> Floats:
    """What official numbers add to the log-odds of pairs: they are not learnt."""
    a, b = nodes.codes[left], nodes.codes[right]
    both = (a[:, SIREN] >= 0) & (b[:, SIREN] >= 0)
    same = both & (a[:, SIREN] == b[:, SIREN])
    if level == "partner":
        return np.where(same, SAME_SIREN, np.where(both, OTHER_SIREN, 0.0)).astype(np.float32)
    sites = same & (a[:, NIC] >= 0) & (b[:, NIC] >= 0)
    alike = sites & (a[:, NIC] == b[:, NIC])
    apart = np.where(sites, OTHER_SIRET, np.where(both & ~same, OTHER_SIREN, 0.0))
    return np.where(alike, SAME_SIRET, apart).astype(np.float32)
