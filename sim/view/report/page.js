// The interactive views of a report: fields on grids, and tables. Data and plotly are unpacked from the page itself.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const METAL = "#b9bcc0", METAL_EDGE = "#4a4d52", INK = "#222222";
  const CURVES = ["#d55e00", "#0072b2", "#009e73", "#e69f00", "#222222", "#cc79a7", "#56b4e9"];
  const DASHES = ["solid", "solid", "8px,2px", "6px,2px,2px,2px", "2px,2px", "solid", "8px,2px"];
  const CONFIG = { displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
  const narrow = () => document.body.clientWidth < 640;

  function onWidth(plot, draw) { // now, and whenever the screen is turned or the window made wider
    let known = 0;
    const again = () => { if (plot.clientWidth !== known) { known = plot.clientWidth; draw(); } };
    window.addEventListener("resize", again);
    again();
  }

  async function unpacked(id) {
    const bytes = Uint8Array.from(atob(at(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  }

  function floats(buffer) { // bytes sorted by significance, the first ones first
    const planes = new Uint8Array(buffer), count = planes.length / 4, view = new DataView(new ArrayBuffer(4 * count));
    for (let i = 0; i < count; i++) for (let k = 0; k < 4; k++) view.setUint8(4 * i + 3 - k, planes[k * count + i]);
    return new Float32Array(view.buffer); // little-endian, as every machine with a browser
  }

  function control(place, words, input, kind) {
    const label = Object.assign(document.createElement("label"), { className: kind || "" });
    label.append(...(kind === "tick" ? [input, words] : [words, input]));
    place.append(label);
    return input;
  }

  function choice(place, words, options, chosen) {
    const select = document.createElement("select");
    options.forEach(([value, text]) => select.add(new Option(text, value, false, value === chosen)));
    select.name = words;
    return control(place, words, select);
  }

  const base = () => ({ font: { family: "system-ui, 'DejaVu Sans', sans-serif", size: 12, color: INK },
    margin: { l: 58, r: narrow() ? 8 : 20, t: 34, b: 48 }, dragmode: narrow() ? false : "zoom", hovermode: "closest",
    hoverlabel: { bgcolor: "white", font: { color: INK } } });

  function fieldView(box, data, numbers) {
    const place = box.querySelector(".controls"), plot = box.querySelector(".plot");
    const names = Object.keys(data.fields), runs = data.runs;
    const run = choice(place, "run", runs.map((one, i) => [String(i), one.title]));
    const name = choice(place, "field", names.map((one) => [one, data.fields[one].label]));
    const where = choice(place, "view", [["cell", "whole cell"], ["wall", "distance from the lithium, logarithmic"]]);
    const time = document.createElement("input"), shown = document.createElement("span");
    Object.assign(time, { type: "range", min: 0, step: 1, name: "time" });
    control(place, shown, time, "wide");
    const common = Object.assign(document.createElement("input"), { type: "checkbox", checked: true, name: "common" });
    control(place, "one scale for all runs and times", common, "tick");
    run.parentNode.style.display = runs.length < 2 ? "none" : "";
    const TALL = 470, ABOVE = 34, BELOW = 48, LEFT = 62, BAR = 110;

    function draw() {
      const chosen = runs[+run.value], last = chosen.times.length - 1, field = data.fields[name.value];
      time.parentNode.style.display = last < 1 ? "none" : "";
      time.max = last;
      if (time.dataset.run !== run.value) { time.value = last; time.dataset.run = run.value; }
      shown.textContent = `time: ${chosen.times[+time.value]} (${+time.value + 1} of ${last + 1})`;
      if (!chosen.d.length) where.value = "cell";
      const cell = where.value === "cell", x = chosen.x, y = cell ? chosen.y : chosen.d;
      const start = chosen[where.value][name.value][+time.value];
      const z = y.map((_, row) => numbers.subarray(start + row * x.length, start + (row + 1) * x.length));
      const [low, high] = field[where.value], unit = field.unit;
      // equal scales without a gap beside the cell: the margin takes what the cell leaves of the width
      const reach = 0.04 * (y[y.length - 1] - y[0]), aspect = (chosen.y[chosen.y.length - 1] * 1.08) / x[x.length - 1];
      const free = Math.max(plot.clientWidth, 240) - LEFT, wide = narrow() ? free - 8 : Math.min(free - BAR, TALL / aspect);
      const margin = { autoexpand: false, l: LEFT, r: free - wide, t: ABOVE, b: BELOW + (narrow() ? 80 : 0) };
      const traces = [{ type: "heatmap", x, y, z, colorscale: field.colours, zsmooth: false,
        ...(common.checked ? { zmin: low, zmax: high } : {}), hovertemplate: "x %{x:.3f} µm<br>" +
          `${cell ? "y %{y:.3f} µm" : "distance %{y:.3g} nm"}<br><b>%{z:.5g} ${unit}</b><extra></extra>`,
        colorbar: { title: { text: `${field.label} (${unit})`, side: narrow() ? "top" : "right" }, thickness: 14,
          ...(narrow() ? { orientation: "h", y: -50 / (wide * aspect), yanchor: "top", len: 1 } : { x: 1.01 }) } }];
      if (cell && chosen.anode) traces.push({ type: "scatter", mode: "lines", ...chosen.anode, hoverinfo: "skip",
        showlegend: false, line: { color: METAL_EDGE, width: 1 } });
      const state = [narrow(), where.value].join(), other = plot.dataset.state !== state;
      if (other) Plotly.purge(plot); // a bar that lay does not stand up well
      Plotly.react(plot, traces, { ...base(), margin, uirevision: state + run.value,
        width: plot.clientWidth, height: wide * aspect + margin.t + margin.b,
        title: { text: narrow() ? "" : `${chosen.title}, ${chosen.times[+time.value]}`, font: { size: 13 } },
        xaxis: { title: { text: "x along the anode (µm)" }, zeroline: false, showgrid: false },
        yaxis: cell
          ? { title: { text: "y (µm)" }, zeroline: false, showgrid: false, range: [y[0] - reach, y[y.length - 1] + reach] }
          : { title: { text: "distance from the lithium (nm)" }, type: "log", exponentformat: "power", dtick: 1 },
        plot_bgcolor: cell ? METAL : "white" }, CONFIG);
      if (other) plot.on("plotly_click", keep);
      plot.dataset.state = state;
    }
    function keep({ points: [p] }) {
      const field = data.fields[name.value], cell = where.value === "cell";
      const up = cell ? `y = ${p.y.toFixed(3)} µm` : `${p.y.toPrecision(3)} nm from the lithium`;
      box.querySelector(".picked").textContent = `picked: ${runs[+run.value].title}, x = ${p.x.toFixed(3)} µm, ${up}: ` +
        `${field.label} = ${p.z.toPrecision(5)} ${field.unit}`;
    }
    [run, name, where, common].forEach((one) => one.addEventListener("change", draw));
    time.addEventListener("input", draw);
    onWidth(plot, draw);
  }

  function tableView(box, tables) {
    const place = box.querySelector(".controls"), plot = box.querySelector(".plot");
    const which = tables.length > 1 ? choice(place, "table", tables.map((one, i) => [String(i), one.title])) : { value: "0" };
    let axes = [];
    function offer() {
      const table = tables[+which.value], every = table.columns.map((one) => [one.name, one.label]);
      axes.forEach((one) => one.parentNode.remove());
      axes = [choice(place, "across", every, table.x), choice(place, "up", every, table.y),
        choice(place, "colour", [["", "none"], ...every], table.colour)];
      axes.forEach((one) => one.addEventListener("change", draw));
    }
    function draw() {
      const table = tables[+which.value], find = (name) => table.columns.find((one) => one.name === name);
      const [x, y, colour] = axes.map((one) => find(one.value));
      const groups = colour && colour.words ? [...new Set(colour.values)] : [null];
      const traces = groups.map((group, i) => {
        const rows = x.values.map((_, row) => row).filter((row) => group === null || colour.values[row] === group);
        const marks = { color: CURVES[i % 7], size: table.lines ? 4 : 7 };
        if (colour && !colour.words) Object.assign(marks, { color: rows.map((row) => colour.values[row]), showscale: true,
          colorscale: "Viridis", colorbar: { title: { text: colour.label, side: "right" }, thickness: 14 } });
        return { type: "scatter", mode: table.lines ? "lines+markers" : "markers", name: group ?? "", marker: marks,
          x: rows.map((row) => x.values[row]), y: rows.map((row) => y.values[row]), showlegend: groups.length > 1,
          line: { color: CURVES[i % 7], dash: DASHES[i % 7], width: 1.5 },
          hovertemplate: `${x.label}: %{x}<br>${y.label}: <b>%{y}</b>` + (group ? `<br>${colour.label}: ${group}` : "") +
            (colour && !colour.words ? `<br>${colour.label}: %{marker.color}` : "") + "<extra></extra>" };
      });
      const axis = (one) => ({ title: { text: one.label, font: { size: narrow() ? 10 : 12 } }, automargin: true,
        type: one.words ? "category" : one.log ? "log" : "linear", exponentformat: "power", zeroline: false,
        gridcolor: "#e3e3e3", hoverformat: ".6g", ...(one.log ? { dtick: one.wide ? 1 : "D2" } : {}) });
      const rows = groups.length > 1 ? Math.ceil(groups.length / (narrow() ? 1 : 3)) : 0, tall = narrow() ? 300 : 370;
      Plotly.react(plot, traces, { ...base(), width: plot.clientWidth, height: tall + 100 + 20 * rows, margin: { ...base().margin, b: 66 + 20 * rows },
        xaxis: axis(x), yaxis: axis(y), plot_bgcolor: "white", uirevision: [which.value, x.name, y.name].join(),
        legend: { orientation: "h", x: 0, y: -52 / tall, yanchor: "top" } }, CONFIG);
    }
    if (tables.length > 1) which.addEventListener("change", () => { offer(); draw(); });
    offer();
    onWidth(plot, draw);
  }

  async function start() {
    const program = document.createElement("script");
    program.textContent = await (await unpacked("packed-plotly")).text();
    document.head.append(program); // which runs it
    const data = await (await unpacked("packed-content")).json();
    document.querySelectorAll(".live").forEach((one) => { one.hidden = false; }); // before drawing: what is hidden has no width
    if (at("fields-view")) fieldView(at("fields-view"), data.maps, floats(await (await unpacked("packed-numbers")).arrayBuffer()));
    if (at("tables-view")) tableView(at("tables-view"), data.tables);
    document.body.dataset.views = "ready";
  }
  start().catch((error) => {
    document.querySelectorAll(".live").forEach((one) => { one.hidden = true; });
    document.body.dataset.views = "failed";
    at("views-note").textContent = `The interactive views need a browser of 2023 or later (${error}); the figures show the same.`;
  });
})();
