// Rows of blocks, one row for each part of the network; see network_sketch.py.
export default function (component) {
  const { data, parentElement } = component
  const make = (tag, className, text) => {
    const element = document.createElement(tag)
    if (className) element.className = className
    if (text) element.textContent = text
    return element
  }
  parentElement.querySelector("#sketch").replaceChildren(...data.rows.map(row => {
    const section = make("section", row.part)
    const list = make("ol")
    for (const block of row.blocks) {
      const item = make("li", block.title.toLowerCase())
      const shape = make("i")
      shape.style.width = block.width + "px"
      shape.style.height = block.height + "px"
      item.append(
        make("span", "before", block.before), shape, make("span", "title", block.title),
        make("span", "", block.shape), make("span", "parameters", block.parameters))
      list.append(item)
    }
    section.append(make("h3", "", row.title), make("p", "", row.purpose), list)
    return section
  }))
}
