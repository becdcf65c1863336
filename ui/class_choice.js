// One button a class; see class_choice.py.
const FEW = 10

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const find = selector => parentElement.querySelector(selector)
  const classes = find(".classes"), { names } = data
  find(".label").textContent = data.label
  classes.setAttribute("aria-label", data.label)
  // Where ten do not fit into a row, they stand in two of five, not of eight and two.
  classes.classList.toggle("few", names.length <= FEW && names.every(name => name.length < 3))
  classes.style.setProperty("--n", names.length)
  classes.style.setProperty("--half", Math.ceil(names.length / 2))
  const focused = [...classes.children].indexOf(parentElement.activeElement)
  classes.replaceChildren(...names.map((name, i) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = name
    button.setAttribute("aria-pressed", i === data.chosen)
    button.onclick = () => setTriggerValue("picked", i)
    return button
  }))
  if (focused >= 0) classes.children[focused]?.focus()
}
