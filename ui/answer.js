// What was read, large, and where on the picture; see answer.py. The shared part is in marks.js.
const seen = new WeakMap()
const KEY = { sure: "sure", doubtful: "look at it yourself", other: "not a digit" }
// Milliseconds after which a page stands still; pixels of the page that its header covers, as in answer.css.
const SETTLED = 500, HEADER = 72

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const find = selector => parentElement.querySelector(selector)
  const number = find(".number"), verdict = find(".verdict"), frame = find(".frame"), image = find("img"), layer = find(".boxes"), key = find(".key")
  const state = seen.get(parentElement) ?? {}
  seen.set(parentElement, state)

  const point = index => {
    for (const all of [layer.children, number.querySelectorAll(".digit")])
      [...all].forEach((one, i) => one.classList.toggle("pointed", i === index))
  }
  const choose = index => {
    if (!data.chooses) return
    show(index)
    if (index !== data.chosen) setTriggerValue("chosen", index)
  }
  function show(chosen) {
    [...number.querySelectorAll(".digit")].forEach((one, i) => {
      if (data.chooses) one.setAttribute("aria-pressed", i === chosen)
    });
    [...layer.children].forEach((one, i) => one.classList.toggle("chosen", data.chooses && i === chosen))
    if (layer.children.length) fitTags(layer)
  }

  // The number: one button a digit, line by line.
  const active = parentElement.activeElement, focused = [...number.querySelectorAll(".digit")].indexOf(active)
  const lines = Map.groupBy ? [...Map.groupBy(data.marks, mark => mark.line).values()] : grouped(data.marks)
  const words = data.marks.some(mark => mark.name.length > 1 && mark.state !== "other")
  number.replaceChildren(...lines.map(marks => {
    const line = document.createElement("div")
    line.className = words ? "line words" : "line"
    line.append(...marks.map(mark => {
      const digit = document.createElement(data.chooses ? "button" : "span")
      const index = data.marks.indexOf(mark)
      if (data.chooses) digit.type = "button"
      digit.className = `digit ${mark.state}`
      digit.textContent = mark.state === "other" ? "" : mark.name
      digit.setAttribute("aria-label", mark.alt)
      digit.title = mark.alt
      digit.onclick = () => choose(index)
      digit.onpointerenter = () => point(index)
      digit.onpointerleave = () => point(null)
      return digit
    }))
    return line
  }))
  const longest = Math.max(1, ...lines.map(marks => words
    ? marks.reduce((sum, mark) => sum + mark.name.length + 0.6, 0) : marks.length))
  const tallest = lines.length > 3 ? 2.4 : lines.length > 1 ? 3.8 : 5.6
  number.style.setProperty("--size", `clamp(1.7rem, ${(94 / (longest * 0.64)).toFixed(2)}cqw, ${tallest}rem)`)
  number.setAttribute("role", "group")
  number.setAttribute("aria-label", data.words)
  verdict.textContent = data.verdict
  if (focused >= 0) number.querySelectorAll(".digit")[focused]?.focus()

  // The picture, as large as the room allows, with a box for each digit.
  find("figure").hidden = !data.image
  if (data.image) {
    const [width, height] = data.size
    if (image.src !== data.image) image.src = data.image
    image.alt = data.alt
    image.className = Math.max(width, height) < 160 ? "pixels" : ""
    frame.style.aspectRatio = `${width} / ${height}`
    frame.style.width = `min(100%, ${Math.round(data.tallest * width / height)}px)`
    layMarks(layer, data.marks, data.size, { choose: data.chooses ? choose : null, point })
  } else layer.replaceChildren()
  const kinds = Object.keys(KEY).filter(kind => data.marks.some(mark => mark.state === kind))
  key.hidden = kinds.every(kind => kind === "sure")
  key.replaceChildren(...kinds.map(kind => {
    const item = document.createElement("li"), box = document.createElement("span")
    box.className = `box ${kind}`
    item.append(box, KEY[kind])
    return item
  }))
  show(data.chosen)

  // Below the fold, as on a telephone, the answer to a new picture comes up just as far as it takes to see it; once more
  // when what stood above it and belongs to the picture before is gone.
  if (data.comes && state.picture !== data.image) {
    comeIntoView(find(".answer"))
    setTimeout(comeIntoView, SETTLED, find(".answer"))
  }
  state.picture = data.image
  state.observer?.disconnect()
  state.observer = new ResizeObserver(() => fitTags(layer))
  state.observer.observe(frame)
  return () => state.observer.disconnect()
}

function comeIntoView(answer) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  const fits = answer.offsetHeight < innerHeight - HEADER
  answer.scrollIntoView({ block: fits ? "nearest" : "start", behavior: still ? "auto" : "smooth" })
}

function grouped(marks) {
  const lines = []
  marks.forEach(mark => (lines[mark.line] ??= []).push(mark))
  return lines.filter(Boolean)
}
