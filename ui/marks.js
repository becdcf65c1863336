// Boxes with what was read, laid over a picture; shared by the answer and the canvas, see marks.py.
function layMarks(layer, marks, size, { chosen = null, choose = null, point = null } = {}) {
  const share = (value, whole) => 100 * value / whole + "%"
  layer.replaceChildren(...marks.map((mark, i) => {
    const [x, y, width, height] = mark.box
    const box = document.createElement(choose ? "button" : "span")
    if (choose) {
      box.type = "button"
      box.tabIndex = -1  // the number above is the same choice for the keyboard
      box.onclick = () => choose(i)
      box.onpointerenter = () => point(i)
      box.onpointerleave = () => point(null)
      box.title = mark.alt
    }
    box.className = `box ${mark.state}`
    if (i === chosen) box.classList.add("chosen")
    Object.assign(box.style, {
      left: share(x, size[0]), top: share(y, size[1]), width: share(width, size[0]), height: share(height, size[1]),
    })
    const tag = document.createElement("span")
    tag.className = "tag"
    const label = document.createElement("b")
    label.textContent = mark.label
    const percent = document.createElement("i")
    percent.textContent = mark.percent
    tag.append(label, percent)
    box.append(tag)
    return box
  }))
  fitTags(layer)
}

// What is written at the boxes depends on the room there is: all of it, or the class alone, at every box alike; where
// there is no room for that, at the chosen one and at those to be looked at, as much as covers no other digit, and at
// any other that is pointed at.
function fitTags(layer) {
  const whole = layer.getBoundingClientRect(), boxes = [...layer.children]
  if (!whole.width) return
  const places = boxes.map(box => box.getBoundingClientRect())
  const meets = (one, other, slack) => one.left < other.right - slack && one.right > other.left + slack
    && one.top < other.bottom - slack && one.bottom > other.top + slack
  const set = (kinds, i) => {
    boxes[i].classList.remove("letter", "bare", "below", "within")
    boxes[i].classList.add(...kinds)
  }
  // Above the box, below it or, of a single one, within.
  const ways = kinds => [kinds, [...kinds, "below"], ...boxes.length === 1 ? [[...kinds, "within"]] : []]
  // Whether the tag of a box finds room in one of these ways; it may touch another box a little.
  const fits = (i, kinds, taken) => kinds.some(kind => {
    set(kind, i)
    const tag = boxes[i].firstChild.getBoundingClientRect()
    const free = tag.top >= whole.top - 1 && tag.bottom <= whole.bottom + 1 && tag.left >= whole.left - 8
      && tag.right <= whole.right + 8 && !taken.some(other => meets(tag, other, 1))
      && !places.some((other, j) => j !== i && meets(tag, other, 7))
    if (free) taken.push(tag)
    return free
  })
  const allFit = kind => {
    const taken = []
    return boxes.every((_, i) => fits(i, ways(kind), taken))
  }
  if (allFit([]) || allFit(["letter"])) return
  const taken = []
  boxes.forEach((box, i) => {
    const shown = box.classList.contains("chosen") || !box.classList.contains("sure")
    if (!shown || !fits(i, [...ways([]), ...ways(["letter"])], taken)) set(["bare"], i)
  })
}
