// The map of codes in the browser; see code_map.py.
const kept = new WeakMap()
const NEAR = 16, EDGE = 14, TIP = 112, MOVE = 700

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const find = selector => parentElement.querySelector(selector)
  const canvas = find("canvas"), tip = find(".tip"), spoken = find(".spoken")
  const state = kept.get(parentElement) ?? { tool: "lasso", classes: new Set(), at: null, frame: 0 }
  kept.set(parentElement, state)
  const n = data.x.length
  let pending = null, path = null, hovered = null

  // Where the points are drawn now: they glide when the same images are laid out anew.
  const target = Float32Array.from({ length: 2 * n }, (_, i) => i % 2 ? data.y[i >> 1] : data.x[i >> 1])
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  const from = state.drawn && state.drawn.length === 2 * n && !still ? Float32Array.from(state.drawn) : null
  const moves = from !== null && from.some((value, i) => value !== target[i])
  if (!moves) state.drawn = target
  const centres = data.names.map((_, label) => centre(label))
  if (state.at !== null && state.at >= n) state.at = null

  function centre(label) {
    const own = data.labels.map((one, i) => one === label ? i : -1).filter(i => i >= 0)
    if (!own.length) return null
    const middle = values => own.map(i => values[i]).sort((a, b) => a - b)[own.length >> 1]
    return [middle(data.x), middle(data.y)]
  }
  const size = () => [canvas.clientWidth, canvas.clientHeight]
  const place = (x, y) => {
    const [width, height] = size()
    return [EDGE + x / data.side * (width - 2 * EDGE), height - EDGE - y / data.side * (height - 2 * EDGE)]
  }
  const back = (px, py) => {
    const [width, height] = size()
    const share = [(px - EDGE) / (width - 2 * EDGE), (height - EDGE - py) / (height - 2 * EDGE)]
    return share.map(one => Math.round(Math.min(1, Math.max(0, one)) * data.side))
  }
  const inside = (x, y, outline) => {
    let odd = false
    outline.forEach(([x1, y1], i) => {
      const [x2, y2] = outline[(i + 1) % outline.length]
      if ((y1 > y) !== (y2 > y) && x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)) odd = !odd
    })
    return odd
  }
  const chosen = data.outline && data.x.map((x, i) => inside(x, data.y[i], data.outline))

  function draw() {
    const [width, height] = size(), scale = devicePixelRatio || 1
    if (!width || !height) return
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale)
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale)
    const style = getComputedStyle(canvas), tone = name => style.getPropertyValue(name).trim()
    const text = tone("--st-text-color"), ground = tone("--st-background-color"), accent = tone("--st-primary-color")
    const pen = canvas.getContext("2d")
    pen.setTransform(scale, 0, 0, scale, 0, 0)
    pen.clearRect(0, 0, width, height)
    const radius = Math.max(2, Math.min(3.4, width / 300)) * (n < 400 ? 1.4 : 1)
    const lit = i => (!state.classes.size || state.classes.has(data.labels[i])) && (!chosen || chosen[i])
    for (const bright of [false, true]) {
      pen.globalAlpha = bright ? 0.8 : 0.14
      for (let i = 0; i < n; i++) {
        if (lit(i) !== bright) continue
        const [x, y] = place(state.drawn[2 * i], state.drawn[2 * i + 1])
        pen.beginPath()
        pen.arc(x, y, radius, 0, 7)
        pen.fillStyle = data.colours[data.labels[i]]
        pen.fill()
        if (data.predicted[i] !== data.labels[i]) {
          pen.beginPath()
          pen.arc(x, y, radius + 2.5, 0, 7)
          pen.strokeStyle = text
          pen.lineWidth = 1.4
          pen.stroke()
        }
      }
    }
    pen.globalAlpha = 1
    const shape = path ? outlineOf(path).map(([x, y]) => place(x, y))
      : data.outline && data.outline.map(([x, y]) => place(x, y))
    if (shape && shape.length > 1) {
      pen.beginPath()
      shape.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y))
      pen.closePath()
      pen.strokeStyle = pen.fillStyle = accent
      pen.lineWidth = 2
      pen.stroke()
      pen.globalAlpha = 0.08
      pen.fill()
      pen.globalAlpha = 1
    }
    if (data.names.length <= 12 && !moving) {
      pen.font = `700 15px ${style.fontFamily}`
      pen.textAlign = "center"
      pen.textBaseline = "middle"
      pen.lineJoin = "round"
      data.names.forEach((name, label) => {
        if (!centres[label] || state.classes.size && !state.classes.has(label)) return
        const [x, y] = place(...centres[label])
        pen.lineWidth = 5
        pen.strokeStyle = ground
        pen.strokeText(name, x, y)
        pen.fillStyle = text
        pen.fillText(name, x, y)
      })
    }
    const marked = hovered ?? (parentElement.activeElement === canvas ? state.at : null)
    if (marked !== null) {
      const [x, y] = place(state.drawn[2 * marked], state.drawn[2 * marked + 1])
      pen.beginPath()
      pen.arc(x, y, radius + 4, 0, 7)
      pen.strokeStyle = accent
      pen.lineWidth = 2.5
      pen.stroke()
    }
  }
  const redraw = () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(draw) }

  let moving = false
  cancelAnimationFrame(state.frame)
  if (moves) {
    moving = true
    const start = performance.now()
    state.drawn = new Float32Array(2 * n)
    const step = now => {
      const share = Math.min(1, Math.max(0, (now - start) / MOVE))
      const eased = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2
      for (let i = 0; i < 2 * n; i++) state.drawn[i] = from[i] + (target[i] - from[i]) * eased
      moving = share < 1
      draw()
      if (moving) state.frame = requestAnimationFrame(step)
    }
    step(start)
  }

  const wrong = i => data.predicted[i] !== data.labels[i]
  const words = i => [`Test image ${data.rows[i]}`, data.names[data.labels[i]],
    wrong(i) ? `read as ${data.names[data.predicted[i]]}` : ""]
  function showTip(i) {
    if (i === null) { tip.hidden = true; return }
    const [title, name, misread] = words(i)
    const picture = tip.querySelector("i"), height = TIP * data.ratio
    picture.style.display = data.sprite ? "block" : "none"
    if (data.sprite) {
      Object.assign(picture.style, {
        width: TIP + "px", height: height + "px", backgroundImage: `url(${data.sprite})`,
        backgroundSize: `${TIP * data.columns}px auto`,
        backgroundPosition: `-${i % data.columns * TIP}px -${Math.floor(i / data.columns) * height}px`,
      })
    }
    tip.querySelector(".words").replaceChildren(...[title, `${name}${misread ? ", " + misread : ""}`].map((line, k) => {
      const span = document.createElement("span")
      span.textContent = line
      if (k && misread) span.className = "wrong"
      return span
    }))
    tip.hidden = false
    const [width, tall] = size(), [x, y] = place(state.drawn[2 * i], state.drawn[2 * i + 1])
    const left = x + 16 + tip.offsetWidth > width ? x - 16 - tip.offsetWidth : x + 16
    tip.style.left = Math.max(0, Math.min(left, width - tip.offsetWidth)) + "px"
    tip.style.top = Math.max(0, Math.min(y - tip.offsetHeight / 2, tall - tip.offsetHeight)) + "px"
  }
  function nearest(px, py, within) {
    let best = null, least = within * within
    for (let i = 0; i < n; i++) {
      if (state.classes.size && !state.classes.has(data.labels[i])) continue
      const [x, y] = place(data.x[i], data.y[i])
      const distance = (x - px) ** 2 + (y - py) ** 2
      if (distance < least) { least = distance; best = i }
    }
    return best
  }

  // Selecting: what was drawn becomes an outline in the numbers of the map.
  function outlineOf(points) {
    if (state.tool === "box") {
      const [x1, y1] = back(...points[0]), [x2, y2] = back(...points[points.length - 1])
      return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]]
    }
    const every = Math.ceil(points.length / data.most)
    return points.filter((_, i) => i % every === 0).map(point => back(...point))
  }
  const select = outline => setTriggerValue("selected", { outline })
  const position = event => {
    const box = canvas.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }
  canvas.onpointerdown = event => {
    if (event.button) return
    path = [position(event)]
    canvas.setPointerCapture(event.pointerId)
  }
  canvas.onpointermove = event => {
    const [x, y] = position(event)
    if (path) {
      const [lastX, lastY] = path[path.length - 1]
      if ((x - lastX) ** 2 + (y - lastY) ** 2 > 9) path.push([x, y])
      if (path.length > 2) { hovered = null; showTip(null) }
    } else {
      hovered = nearest(x, y, NEAR)
      showTip(hovered)
    }
    redraw()
  }
  canvas.onpointerup = event => {
    if (!path) return
    const drawn = path
    path = null
    if (drawn.length > 2) {
      const outline = outlineOf(drawn)
      if (outline.length > 2) select(outline)
    } else {
      hovered = nearest(...position(event), event.pointerType === "mouse" ? NEAR : 2 * NEAR)
      state.at = hovered
      showTip(hovered)
      if (hovered === null && data.outline) select([])
    }
    redraw()
  }
  canvas.onpointercancel = () => { path = null; redraw() }
  canvas.onpointerleave = event => {
    if (event.pointerType !== "mouse" || path) return
    hovered = null
    showTip(null)
    redraw()
  }

  // The keyboard goes to the nearest image in a direction.
  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
  function go([dx, dy]) {
    if (state.at === null) return nearest(...place(data.side / 2, data.side / 2), Infinity)
    let best = state.at, least = Infinity
    for (let i = 0; i < n; i++) {
      if (i === state.at || state.classes.size && !state.classes.has(data.labels[i])) continue
      const x = data.x[i] - data.x[state.at], y = data.y[i] - data.y[state.at]
      const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx)
      if (ahead > 0 && ahead >= aside && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = i }
    }
    return best
  }
  canvas.onkeydown = event => {
    if (event.key in DIRECTIONS) {
      state.at = go(DIRECTIONS[event.key])
      hovered = null
      showTip(state.at)
      if (state.at !== null) spoken.textContent = words(state.at).filter(Boolean).join(", ")
    } else if (event.key === "Enter" && state.at !== null) {
      const reach = data.side * 0.04, clamp = value => Math.round(Math.min(data.side, Math.max(0, value)))
      const [x, y] = [data.x[state.at], data.y[state.at]]
      const [left, right, low, high] = [x - reach, x + reach, y - reach, y + reach].map(clamp)
      select([[left, low], [right, low], [right, high], [left, high]])
    } else if (event.key === "Escape" && data.outline) {
      select([])
    } else return
    event.preventDefault()
    redraw()
  }
  canvas.onfocus = redraw
  canvas.onblur = () => { showTip(null); redraw() }

  // The legend highlights classes; the tools choose the shape of a selection.
  const button = (label, pressed, press, colour) => {
    const made = document.createElement("button")
    made.type = "button"
    if (pressed !== null) made.setAttribute("aria-pressed", pressed)
    if (colour) { const dot = document.createElement("b"); dot.style.background = colour; made.append(dot) }
    made.append(label)
    made.onclick = () => { press(); fill(); redraw() }
    return made
  }
  function fill() {
    const focused = parentElement.activeElement, group = focused?.parentElement?.className
    const order = focused ? [...(focused.parentElement?.children ?? [])].indexOf(focused) : -1
    find(".legend").replaceChildren(...data.names.map((name, label) => button(name, state.classes.has(label), () => {
      if (!state.classes.delete(label)) state.classes.add(label)
    }, data.colours[label])))
    const tools = [["lasso", "Lasso"], ["box", "Box"]].map(([tool, label]) =>
      button(label, state.tool === tool, () => { state.tool = tool }))
    if (data.outline) tools.push(button("Clear selection", null, () => select([])))
    find(".tools").replaceChildren(...tools)
    if (order >= 0 && (group === "legend" || group === "tools")) find("." + group).children[order]?.focus()
  }
  fill()
  find(".along").textContent = data.axes[0]
  find(".up").textContent = data.axes[1]
  canvas.setAttribute("aria-label", data.alt + " Arrow keys go from image to image, Enter selects those around it.")
  state.observer?.disconnect()
  state.observer = new ResizeObserver(redraw)
  state.observer.observe(canvas)
  redraw()
  return () => { state.observer.disconnect(); cancelAnimationFrame(state.frame) }
}
