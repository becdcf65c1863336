// Pictures from the clipboard, and files dropped beside the field, go into the field for files; see paste.py.
export default function (component) {
  const { data, parentElement } = component
  const button = parentElement.querySelector("button"), said = parentElement.querySelector(".said")
  const field = () => document.querySelector(`.st-key-${data.field} input[type="file"]`)

  function give(files) {
    const input = field(), given = [...files]
    if (!given.length || !input) return false
    const transfer = new DataTransfer()
    for (const file of given) transfer.items.add(named(file))
    input.files = transfer.files
    input.dispatchEvent(new Event("change", { bubbles: true }))
    said.textContent = ""
    return true
  }
  // Everything that was copied is called image.png: the time tells such files apart.
  const named = file => file.name && file.name !== "image.png" ? file
    : new File([file], `pasted ${new Date().toTimeString().slice(0, 8).replaceAll(":", "-")}.png`, { type: file.type })

  const onPaste = event => {
    if (give(event.clipboardData?.files ?? [])) event.preventDefault()
  }
  const holdsFiles = event => [...event.dataTransfer?.types ?? []].includes("Files")
  const onDragOver = event => { if (holdsFiles(event)) event.preventDefault() }
  const onDrop = event => {
    // The field itself takes what is dropped on it.
    const own = event.composedPath().some(one => one.classList?.contains(`st-key-${data.field}`))
    if (!holdsFiles(event) || own) return
    event.preventDefault()
    give(event.dataTransfer.files)
  }
  button.onclick = async () => {
    try {
      const files = []
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find(one => one.startsWith("image/"))
        if (type) files.push(new File([await item.getType(type)], "image.png", { type }))
      }
      if (!give(files)) said.textContent = "There is no picture in the clipboard."
    } catch {
      said.textContent = "The browser does not let the page look into the clipboard: press Ctrl+V instead."
    }
  }
  const listeners = { paste: onPaste, dragover: onDragOver, drop: onDrop }
  const kept = parentElement.host ?? parentElement
  kept.release?.()
  for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener)
  kept.release = () => {
    for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener)
  }
  return () => kept.release()
}
