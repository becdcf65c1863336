// A sheet to draw on; see canvas.py. A drawing travels as the short text of core/images/drawing.py.
const sheets = new WeakMap()
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
const PENS = [["Thin", 10], ["Medium", 24], ["Thick", 44]]
const TOLERANCE = 1.2

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const find = selector => parentElement.querySelector(selector)
  const root = find(".canvas"), sheet = find(".sheet"), canvas = find("canvas"), layer = find(".boxes")
  const [WIDTH, HEIGHT] = data.size
  // What is drawn is the browser's own: an answer that comes late must not undo a stroke made meanwhile.
  const state = sheets.get(parentElement) ?? { strokes: parse(data.drawing), cleared: [], pen: 24, path: null }
  sheets.set(parentElement, state)

  function parse(text) {
    return (text || "").split(".").filter(Boolean).map(part => {
      const values = [...part].map(sign => SIGNS.indexOf(sign))
      const points = []
      for (let i = 1; i + 3 < values.length; i += 4)
        points.push([values[i] * 64 + values[i + 1], values[i + 2] * 64 + values[i + 3]])
      return { width: values[0], points }
    })
  }
  const sign = value => SIGNS[value >> 6] + SIGNS[value & 63]
  const text = () => state.strokes.map(({ width, points }) =>
    SIGNS[width] + points.map(([x, y]) => sign(x) + sign(y)).join("")).join(".")

  function draw() {
    const width = canvas.clientWidth, height = canvas.clientHeight, scale = devicePixelRatio || 1
    if (!width || !height) return
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)]
    if (canvas.width !== across || canvas.height !== down) { canvas.width = across; canvas.height = down }
    const pen = canvas.getContext("2d"), style = getComputedStyle(canvas)
    pen.setTransform(across / WIDTH, 0, 0, down / HEIGHT, 0, 0)
    pen.clearRect(0, 0, WIDTH, HEIGHT)
    pen.lineCap = pen.lineJoin = "round"
    pen.strokeStyle = pen.fillStyle = style.getPropertyValue("--st-text-color").trim()
    for (const { width, points } of state.path ? [...state.strokes, state.path] : state.strokes) {
      const [[left, top]] = points
      pen.lineWidth = width
      pen.beginPath()
      if (points.every(([x, y]) => x === left && y === top)) {
        pen.arc(left, top, width / 2, 0, 2 * Math.PI)  // of a line without length nothing is drawn
        pen.fill()
      } else {
        points.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y))
        pen.stroke()
      }
    }
  }
  let pending = 0
  const redraw = () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(draw) }

  // The link is kept right without a new entry in the history for each stroke.
  function keepLink() {
    const own = text(), kept = own.length <= data.longest_link ? own : ""
    const rest = location.search.slice(1).split("&").filter(part => part && !part.startsWith("drawing="))
    const query = [...rest, ...kept ? ["drawing=" + kept] : []].join("&")
    history.replaceState(history.state, "", location.pathname + (query ? "?" + query : "") + location.hash)
  }
  function changed(spoken) {
    keepLink()
    find(".spoken").textContent = spoken
    show()
    setStateValue("drawing", text())
  }
  function show() {
    const empty = !state.strokes.length && !state.path
    find(".hint").hidden = !empty
    tools.undo.disabled = !state.strokes.length && !state.cleared.length
    tools.clear.disabled = !state.strokes.length
    const answered = !state.path && text() === data.answered
    layMarks(layer, answered ? data.marks : [], [WIDTH * data.scale, HEIGHT * data.scale], { chosen: data.chosen })
    redraw()
  }

  // A pen, a finger or the mouse; a second finger ends the stroke and does nothing.
  const clamp = (value, most) => Math.min(most, Math.max(0, Math.round(value)))
  const place = event => {
    const box = canvas.getBoundingClientRect()
    return [clamp((event.clientX - box.left) / box.width * WIDTH, WIDTH),
      clamp((event.clientY - box.top) / box.height * HEIGHT, HEIGHT)]
  }
  canvas.onpointerdown = event => {
    if (event.button || state.path || !event.isPrimary) return
    event.preventDefault()
    root.classList.add("by-pointer")
    canvas.focus({ preventScroll: true })  // which the line before keeps the browser from doing
    canvas.setPointerCapture(event.pointerId)
    state.path = { width: state.pen, points: [place(event)], pointer: event.pointerId }
    root.classList.add("drawing")
    show()
  }
  canvas.onpointermove = event => {
    if (!state.path || event.pointerId !== state.path.pointer) return
    const events = event.getCoalescedEvents?.() ?? []
    for (const one of events.length ? events : [event]) {
      const point = place(one), last = state.path.points.at(-1)
      if (point[0] !== last[0] || point[1] !== last[1]) state.path.points.push(point)
    }
    redraw()
  }
  const finish = event => {
    if (!state.path || event.pointerId !== state.path.pointer) return
    state.strokes = [...state.strokes, { width: state.path.width, points: simplified(state.path.points) }]
    state.path = null
    root.classList.remove("drawing")
    changed("")
  }
  canvas.onpointerup = canvas.onpointercancel = finish

  // Fewest points that stay within a pixel of the line (Ramer 1972; Douglas and Peucker 1973).
  function simplified(points) {
    if (points.length < 3) return points
    const [[x1, y1], [x2, y2]] = [points[0], points.at(-1)], length = Math.hypot(x2 - x1, y2 - y1)
    let worst = 0, at = 0
    for (let i = 1; i < points.length - 1; i++) {
      const [x, y] = points[i]
      const off = length ? Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length : Math.hypot(x - x1, y - y1)
      if (off > worst) { worst = off; at = i }
    }
    if (worst <= TOLERANCE) return [points[0], points.at(-1)]
    return [...simplified(points.slice(0, at + 1)).slice(0, -1), ...simplified(points.slice(at))]
  }

  // A button that has nothing left to do loses the focus, and with it the keys.
  const keepFocus = () => {
    if (!parentElement.activeElement || parentElement.activeElement.disabled) canvas.focus({ preventScroll: true })
  }
  const undo = () => {
    if (tools.undo.disabled) return
    const again = !state.strokes.length
    state.strokes = again ? state.cleared.pop() : state.strokes.slice(0, -1)
    changed(again ? "What was cleared is back." : "The last stroke is taken back.")
    keepFocus()
  }
  const clear = () => {
    if (!state.strokes.length) return
    state.cleared.push(state.strokes)
    state.strokes = []
    changed("The sheet is empty.")
    keepFocus()
  }
  const tools = { undo: find(".undo"), clear: find(".clear") }
  tools.undo.onclick = undo
  tools.clear.onclick = clear
  root.onkeydown = event => {
    if (event.key === "Tab") root.classList.remove("by-pointer")
    if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo() }
  }
  if (!find(".pens").children.length) {
    find(".pens").append(...PENS.map(([name, width]) => {
      const button = document.createElement("button"), dot = document.createElement("b")
      button.type = "button"
      button.dataset.width = width
      dot.style.width = dot.style.height = 4 + width / 4 + "px"
      const words = document.createElement("span")
      words.textContent = name
      button.setAttribute("aria-label", `${name} brush`)
      button.append(dot, words)
      return button
    }))
  }
  const pens = [...find(".pens").children]
  const pressed = () => pens.forEach(one => one.setAttribute("aria-pressed", +one.dataset.width === state.pen))
  pens.forEach(one => { one.onclick = () => { state.pen = +one.dataset.width; pressed() } })
  pressed()
  canvas.setAttribute("aria-label", data.alt)
  show()
  if (text() === data.answered) keepLink()  // a link of the server's that came late may hold an older drawing
  state.observer?.disconnect()
  state.observer = new ResizeObserver(() => { redraw(); fitTags(layer) })
  state.observer.observe(sheet)
  return () => { state.observer.disconnect(); cancelAnimationFrame(pending) }
}
