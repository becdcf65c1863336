// A grid of images, each a button that opens it; see gallery.py.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const list = parentElement.querySelector("ul")
  const height = data.size * data.ratio
  const longest = Math.max(...data.tiles.map(([, caption]) => caption.length))
  const width = Math.max(data.size, Math.ceil(longest * 6.2))
  list.setAttribute("aria-label", data.label)
  list.replaceChildren(...data.tiles.map(([alt, caption, tone], index) => {
    const item = document.createElement("li")
    item.style.width = width + "px"
    const button = document.createElement(data.opens ? "button" : "div")
    const image = document.createElement("i")
    const column = index % data.columns, row = Math.floor(index / data.columns)
    Object.assign(image.style, {
      imageRendering: data.pixels ? "pixelated" : "auto",
      width: data.size + "px", height: height + "px", backgroundImage: `url(${data.sprite})`,
      backgroundSize: `${data.size * data.columns}px ${height * data.rows}px`,
      backgroundPosition: `-${column * data.size}px -${row * height}px`,
    })
    if (data.opens) button.type = "button"
    else button.setAttribute("role", "img")
    button.setAttribute("aria-label", alt)
    button.title = alt
    if (index === data.selected) button.setAttribute("aria-current", "true")
    button.append(image)
    if (caption) {
      const words = document.createElement("span")
      words.textContent = caption
      if (tone) words.className = tone
      button.append(words)
    }
    if (data.opens) button.onclick = () => setTriggerValue("opened", index)
    item.append(button)
    return item
  }))
}
