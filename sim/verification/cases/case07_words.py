"""The words of case 7: problem, exact solution, what limits the agreement."""

from __future__ import annotations

PROBLEM = """
One cell with everything at once: migration and diffusion of both ions, the space charge that they leave, a Stern layer
on each electrode, and Butler–Volmer kinetics driven by what stands at the plane of reaction (the Frumkin correction).
The anion is locked in. Three groups say it all, besides the current $J = j/j_{lim}$ and the voltage $v = FV/RT$:

- $\\epsilon = \\lambda_D/L$, how much of the gap is double layer. $\\epsilon = 1$: the layers of both electrodes
  overlap and nothing is neutral. $\\epsilon = 0.1$: two layers and a little bulk between. $\\epsilon = 0.01$ and
  $0.001$: a neutral bulk between thin layers, up to the limiting current and beyond it, where space charge spreads
  into the bulk;
- $\\delta$, thickness of the Stern layer in Debye lengths (with the liquid's permittivity); 0.1 unless stated;
- $k = j_0/j_{lim}$; 10 unless stated.

As a config: $L = \\lambda_D/\\epsilon$ (0.12 nm to 120 nm), $d_S = \\delta\\lambda_D$, $j_0 = k\\,j_{lim}$ with
$j_{lim} = 4FD_+c_0/L$. $D_-$ does not matter in a steady state; it is $2D_+$ here.
"""

EXACT = """
With lengths in $L$, concentrations in $c_0$, potentials in $RT/F$, the plating electrode at $x = 0$:

$$c_+' + c_+\\varphi' = 4J, \\qquad c_-' - c_-\\varphi' = 0, \\qquad -\\epsilon^2 \\varphi'' = \\frac{c_+ - c_-}{2},
\\qquad \\int_0^1 c_-\\,dx = 1$$

$$\\varphi(0) = \\delta\\epsilon\\,\\varphi'(0), \\qquad \\varphi(1) + \\delta\\epsilon\\,\\varphi'(1) = v$$

$$k\\,[c_+ e^{\\varphi/2} - e^{-\\varphi/2}]_{x=0} = J, \\qquad
k\\,[c_+ e^{-(v-\\varphi)/2} - e^{(v-\\varphi)/2}]_{x=1} = -J$$

This boundary-value problem is solved by code that shares nothing with the simulator: collocation at Gauss points with
polynomials of degree 10 on elements that double in length away from the walls, unknowns $\\ln c_\\pm$, $\\varphi$ and
the field, Newton's method with continuation; its error is below $10^{-8}$.

Closed forms hold as $\\epsilon \\to 0$ below the limiting current. The bulk is neutral, $c = 1 + J(2x - 1)$, and each
layer is in local equilibrium, $\\psi = -\\ln(c_+^{plane}/c)$ across it. Without a Stern layer ($\\delta = 0$, the
Gouy–Chapman limit) the plane of reaction has the metal's potential, $c_+^{plane} = 1 \\pm J/k$, and

$$v = 4\\,\\mathrm{artanh}\\,J + 2\\,\\mathrm{artanh}\\,\\frac{J}{k}$$

When the Stern layer takes the whole drop ($\\delta \\to \\infty$, the Helmholtz limit) the kinetics are those of
case 4, with $q = J/k$:

$$v = 2\\,\\ln\\frac{\\left(q + \\sqrt{q^2 + 4(1+J)}\\right)\\left(q + \\sqrt{q^2 + 4(1-J)}\\right)}{4(1-J)} +
\\ln\\frac{1+J}{1-J}$$

Between them, with $\\Delta\\varphi$ the metal's potential less that of the bulk beside the layer, $\\psi$ follows from
the charge of the layer,

$$\\frac{\\Delta\\varphi - \\psi}{\\delta} = 2\\sqrt{c}\\,\\sinh\\frac{\\psi}{2}$$

and the simulator's `double_layer: closure` is this limit. The cell with finite layers must approach it at first order
in $\\epsilon$, because the salt that the layers take is missing from the bulk.
"""

REMARKS = (
    "The first panel is the polarisation curve in the paper's groups. At J = 1 a thin-layer theory diverges; the "
    "resolved cell passes the limiting current by growing a region of space charge, the more easily the larger ε is. "
    "The third panel shows that region at J = 1.25: next to the plating electrode the anion is gone and c₊ stays.",
    "In Poisson mode the agreement is limited by the default mesh (first cell λ_D/10, growing twofold).",
)
