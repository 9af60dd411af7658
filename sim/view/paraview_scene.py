"""One run in ParaView: the potential and the Li+ concentration side by side, the plating current along the anode below.

    paraview --script=show_in_paraview.py          (or File > Load State)
    pvpython show_in_paraview.py --image cell.png  (or pvbatch; --time T takes the stored time next to T seconds)

Written by `sim paraview`. Keep it with the run's folder: it finds the fields from its own place. Everything is done
through paraview.simple: change a number below, or take parts of it for a script of your own.
"""

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any

import paraview.simple as pv

# --- what is shown
TITLE = "a cell"
DRIVE = "potentiostatic 0.5 V"
#: the run's folder, seen from this file
FOLDER = "."
#: where it was when this file was written
FORMER_PLACE = "/"
#: tells the run from others: sha256 of its config.yaml
CONFIG = ""
#: what the times of the run are: steady (one state, no clock) or transient
KIND = "steady"
#: colour scales [V], [mol/m3], the same at all times: all values but those of 0.2 % of the cell's area at either end.
#: That leaves out the double layers, which are nanometres thin yet hold the extremes; they get the end's colour
POTENTIAL_RANGE = (0.0, 1.0)
CONCENTRATION_RANGE = (0.0, 1.0)
#: the same of the last time alone, which shows more of a steady state that follows a charging: --scale last
LAST_POTENTIAL_RANGE = (0.0, 1.0)
LAST_CONCENTRATION_RANGE = (0.0, 1.0)
#: which of the two, "all" or "last", where the command line does not say
SCALE = "all"
#: axis of the current [A/m2], the same at all times
CURRENT_RANGE = (0.0, 1.0)
#: curves along the anode: field, words, colour (red, green, blue), thickness
CURRENTS = (("current_density_A_m2", "plating current", (0.0, 0.0, 0.0), 2),)
# ---

#: lines of Li+ flux, begun at equal distances halfway between the anode's tips and the counter electrode
STREAMLINES = 24
#: room around the cell for words and the colour bar [pixels]
LEFT, RIGHT, TOP, BOTTOM = 115, 25, 50, 165
INK = (0.13, 0.13, 0.13)
PAPER = (1.0, 1.0, 1.0)
FLUX = "li_flux_mol_m2_s"


def run_folder() -> Path:
    """The run's folder. Where ParaView does not tell a script its name (--script), the command line may."""
    scripts = [globals()["__file__"]] if "__file__" in globals() else []
    command_line = Path("/proc/self/cmdline")
    if command_line.exists():
        words = command_line.read_bytes().decode(errors="replace").split("\0")
        scripts += [word.partition("=")[2] or word for word in words if word.endswith(".py")]
    places = [Path(script).resolve().parent for script in scripts] + [Path.cwd()]
    for folder in [place / FOLDER for place in places] + [Path(FORMER_PLACE)]:
        config = folder / "config.yaml"
        if config.is_file() and hashlib.sha256(config.read_bytes()).hexdigest() == CONFIG:
            return folder
    raise SystemExit(
        "the run that this script was written for is not beside it: start ParaView in the run's folder, "
        "or write the script anew with `sim paraview FOLDER`"
    )


def in_micrometres(name: str, path: Path) -> Any:
    """Opens a series and scales its coordinates from m to um: ParaView's tools expect lengths near 1."""
    reader = pv.PVDReader(registrationName=name + " (m)", FileName=str(path))
    scaled = pv.Calculator(registrationName=name + " (µm)", Input=reader)
    scaled.CoordinateResults = 1
    scaled.Function = "1000000*coords"
    scaled.UpdatePipeline()
    return scaled


def pick(proxy: Any, name: str, value: str) -> None:
    """Sets an option whose words have lost or won blanks between versions."""
    for known in proxy.GetProperty(name).Available:
        if known.replace(" ", "") == value.replace(" ", ""):
            setattr(proxy, name, known)


def cell_view(bulk: Any, anode: Any, field: str, label: str, colours: str, limits: Any) -> Any:
    """A view of the whole cell coloured by one field, the anode's surface as a line, axes in um."""
    view = pv.CreateView("RenderView")
    view.UseColorPaletteForBackground = 0
    view.Background = PAPER
    view.OrientationAxesVisibility = 0
    view.InteractionMode = "2D"
    shown = pv.Show(bulk, view)
    pv.ColorBy(shown, ("POINTS", field))
    shown.Ambient, shown.Diffuse = 1.0, 0.0  # the colours of the bar, not those of a lit surface
    table = pv.GetColorTransferFunction(field)
    table.AutomaticRescaleRangeMode = "Never"
    table.ApplyPreset(colours, True)
    table.RescaleTransferFunction(*limits)
    shown.SetScalarBarVisibility(view, True)
    bar = pv.GetScalarBar(table, view)
    bar.Title, bar.ComponentTitle = label, ""
    bar.TitleColor = bar.LabelColor = INK
    bar.TitleFontSize, bar.LabelFontSize = 18, 16
    bar.AddRangeLabels = 0
    pick(bar, "Orientation", "Horizontal")
    pick(bar, "WindowLocation", "Any Location")
    bar.Position, bar.ScalarBarLength = [0.3, 0.02], 0.5
    line = pv.Show(anode, view)
    line.ColorArrayName = [None, ""]
    line.AmbientColor = line.DiffuseColor = INK
    line.LineWidth = 2.0
    axes = view.AxesGrid
    axes.Visibility = 1
    axes.XTitle, axes.YTitle, axes.ZTitle = "x along the anode (µm)", "y (µm)", ""
    for part in ("XTitle", "YTitle", "XLabel", "YLabel"):
        setattr(axes, part + "Color", INK)
        setattr(axes, part + "FontSize", 16)
    axes.GridColor = INK
    axes.AxesToLabel = 3  # left and bottom only
    return view


def show_streamlines(bulk: Any, anode: Any, view: Any) -> None:
    """Lines along the flux of Li+, which a run of an old version may not have."""
    if bulk.PointData.GetArray(FLUX) is None:
        return
    left, right, _, top, _, _ = bulk.GetDataInformation().GetBounds()
    tips = anode.GetDataInformation().GetBounds()[3]
    inset = 0.5 * (right - left) / STREAMLINES
    lines = pv.StreamTracer(registrationName="Li+ flux", Input=bulk, SeedType="Line")
    lines.Vectors = ["POINTS", FLUX]
    lines.SeedType.Point1 = [left + inset, 0.5 * (tips + top), 0.0]
    lines.SeedType.Point2 = [right - inset, 0.5 * (tips + top), 0.0]
    lines.SeedType.Resolution = STREAMLINES - 1
    # the usual one goes by points, and loses its way in cells that are long and flat, as they are at the walls
    pick(lines, "InterpolatorType", "Interpolator with Cell Locator")
    pick(lines, "IntegrationStepUnit", "Length")
    lines.InitialStepLength = lines.MaximumStepLength = 2e-3 * (top + right - left)
    lines.MaximumSteps = 5000
    lines.MaximumStreamlineLength = 4.0 * (top + right - left)
    before = pv.Calculator(registrationName="Li+ flux, before the colours", Input=lines)
    before.CoordinateResults = 1
    before.Function = "coords+0.01*kHat"
    shown = pv.Show(before, view)
    shown.ColorArrayName = [None, ""]
    shown.AmbientColor = shown.DiffuseColor = PAPER
    shown.Ambient, shown.Diffuse = 1.0, 0.0
    shown.LineWidth = 2.0


def current_view(anode: Any) -> Any:
    """An empty chart of the plating current along the anode, by position."""
    view = pv.CreateView("XYChartView")
    for side in ("Left", "Bottom"):
        setattr(view, side + "AxisTitleFontSize", 16)
        setattr(view, side + "AxisTitleBold", 0)
        setattr(view, side + "AxisLabelFontSize", 16)
        setattr(view, side + "AxisUseCustomRange", 1)
    view.LeftAxisTitle = "current density (A/m²)"
    view.LeftAxisRangeMinimum, view.LeftAxisRangeMaximum = CURRENT_RANGE
    view.BottomAxisTitle = "x along the anode (µm)"
    view.BottomAxisRangeMinimum, view.BottomAxisRangeMaximum = anode.GetDataInformation().GetBounds()[:2]
    view.ShowLegend = int(len(CURRENTS) > 1)
    return view


def draw_currents(shown: Any) -> None:
    """The curves of the chart; a window forgets them unless they are chosen after its first drawing."""
    shown.AttributeType = "Point Data"
    shown.UseIndexForXAxis = 0
    shown.XArrayName = "Points_X"
    shown.SeriesVisibility = [field for field, _, _, _ in CURRENTS]
    shown.SeriesLabel = [text for field, words, _, _ in CURRENTS for text in (field, words)]
    shown.SeriesColor = [text for field, _, rgb, _ in CURRENTS for text in (field, *map(str, rgb))]
    shown.SeriesLineThickness = [text for field, _, _, thick in CURRENTS for text in (field, str(thick))]


def write_above(view: Any, said: Any) -> None:
    """A line or two in the upper left corner of a view."""
    text = pv.Show(said, view)
    pick(text, "WindowLocation", "Upper Left Corner")
    text.Color = INK
    text.FontSize = 16
    text.Justification = "Left"


def name_the_run(bulk: Any, left: Any, right: Any) -> None:
    """Title and drive over the one view, the time over the other."""
    write_above(left, pv.Text(registrationName="title", Text=TITLE + "\n" + DRIVE))
    if KIND == "steady":
        write_above(right, pv.Text(registrationName="time", Text="steady state"))
    else:
        clock = pv.PythonAnnotation(registrationName="time", Input=bulk)
        clock.Expression = '"t = %.3g s" % time_value'
        write_above(right, clock)


def fit(views: Any, bounds: Any) -> None:
    """The whole cell as large as the words around it leave room for; both views move together."""
    left, right, low, high = bounds[:4]
    for view in views:
        wide, tall = (max(size, 300) for size in view.ViewSize)
        pixel = max((right - left) / (wide - LEFT - RIGHT), (high - low) / (tall - TOP - BOTTOM))
        x = 0.5 * (left + right) + 0.5 * (RIGHT - LEFT) * pixel
        y = 0.5 * (low + high) + 0.5 * (TOP - BOTTOM) * pixel
        view.CameraFocalPoint = [x, y, 0.0]
        view.CameraPosition = [x, y, 10.0 * (right - left)]
        view.CameraViewUp = [0.0, 1.0, 0.0]
        view.CameraParallelProjection = 1
        view.CameraParallelScale = 0.5 * pixel * tall
    pv.AddCameraLink(views[0], views[1], "the cell")


def main() -> None:
    """Builds the scene, and writes an image where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--image", metavar="FILE.png", help="write this image")
    parser.add_argument(
        "--time", type=float, metavar="T", help="stored time next to this one [s]; else the last"
    )
    parser.add_argument(
        "--scale", choices=("all", "last"), default=SCALE, help="colours over all times or the last"
    )
    wanted = parser.parse_args(sys.argv[1:])
    last = wanted.scale == "last"
    potentials = LAST_POTENTIAL_RANGE if last else POTENTIAL_RANGE
    salts = LAST_CONCENTRATION_RANGE if last else CONCENTRATION_RANGE
    fields = run_folder() / "fields"
    if not pv.GetSources():
        pv.RemoveViewsAndLayouts()  # the empty view that ParaView opens with
    bulk = in_micrometres("cell", fields / "bulk.pvd")
    anode = in_micrometres("anode", fields / "interface.pvd")

    layout = pv.CreateLayout("separator")
    potential = cell_view(bulk, anode, "phi_V", "potential (V)", "Plasma (matplotlib)", potentials)
    salt = cell_view(bulk, anode, "c_li_mol_m3", "Li+ concentration (mol/m³)", "Viridis (matplotlib)", salts)
    current = current_view(anode)
    curves = pv.Show(anode, current, "XYChartRepresentation")
    layout.SplitVertical(0, 0.66)
    layout.SplitHorizontal(1, 0.5)
    for place, view in ((3, potential), (4, salt), (2, current)):
        layout.AssignView(place, view)
    if wanted.image:
        layout.SetSize(1600, 1100)
    show_streamlines(bulk, anode, salt)
    name_the_run(bulk, potential, salt)

    # the time controls step through what was stored; shown first: the last, or the one next to --time
    scene = pv.GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    times = list(pv.GetTimeKeeper().TimestepValues) or [0.0]
    scene.AnimationTime = (
        times[-1] if wanted.time is None else min(times, key=lambda time: abs(time - wanted.time))
    )
    pv.RenderAllViews()
    draw_currents(curves)
    fit((potential, salt), bulk.GetDataInformation().GetBounds())
    pv.RenderAllViews()
    if wanted.image:
        pv.SaveScreenshot(wanted.image, layout)


main()
