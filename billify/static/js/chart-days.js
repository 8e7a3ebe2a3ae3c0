/* <chart-days>: the days of a chart, read one by one with the pointer or the arrow keys. Each is a
   link; what it leads to is asked for as a part and told in the card beside it. */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -Infinity, End: Infinity };
const PAUSE = 120; // ms: a pointer that sweeps across asks for nothing

customElements.define("chart-days", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerover", ({ target }) => this.read(target.closest(".chart__col")));
    this.addEventListener("focusin", ({ target }) => this.read(target.closest(".chart__col")));
    this.addEventListener("pointerleave", () => this.matches(":focus-within") || this.close());
    this.addEventListener("focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.close());
    this.addEventListener("keydown", (event) => this.walk(event));
    // A finger reads first; the card has the link that leads on.
    this.addEventListener("click", (event) => {
      if (event.pointerType === "touch" && event.target.closest(".chart__col")) event.preventDefault();
    });
  }
  get card() {
    return this.querySelector(".chart__card");
  }
  read(column) {
    if (!column || (column === this.column && !this.card.hidden)) return;
    this.column = column;
    const title = column.querySelector("title");
    if (title) {
      // Its words are in the card; as a tip of the browser they would lie over it.
      column.setAttribute("aria-label", title.textContent);
      title.remove();
    }
    this.cross(column);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.ask(column), PAUSE);
  }
  async ask(column) {
    await htmx.ajax("GET", column.getAttribute("href"), { target: `#${this.card.id}`, swap: "innerHTML" });
    if (column === this.column) this.place(column);
  }
  cross(column) {
    const day = column.querySelector("rect");
    const middle = Number(day.getAttribute("x")) + Number(day.getAttribute("width")) / 2;
    for (const old of this.querySelectorAll(".chart__cross")) old.classList.remove("is-shown");
    const cross = column.parentElement.querySelector(".chart__cross");
    cross.classList.add("is-shown");
    cross.setAttribute("transform", `translate(${middle} 0)`);
    cross.querySelector("circle").setAttribute("cy", day.dataset.y);
  }
  place(column) {
    const [here, day] = [this.getBoundingClientRect(), column.getBoundingClientRect()];
    const left = day.left - here.left;
    // On a narrow place the card stands beneath, as wide as the chart.
    const isNarrow = here.width < 544;
    const isRight = left > here.width / 2;
    this.card.style.left = isNarrow ? "" : isRight ? "auto" : `${left + day.width + 12}px`;
    this.card.style.right = isNarrow ? "" : isRight ? `${here.width - left + 12}px` : "auto";
    this.card.hidden = false;
  }
  close() {
    clearTimeout(this.pause);
    this.column = null;
    this.card.hidden = true;
    for (const cross of this.querySelectorAll(".chart__cross")) cross.classList.remove("is-shown");
  }
  walk(event) {
    if (event.key === "Escape") this.close();
    const column = event.target.closest(".chart__col");
    const step = STEPS[event.key];
    if (!column || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const all = [...column.parentElement.querySelectorAll(".chart__col")];
    const at = Math.min(Math.max(all.indexOf(column) + step, 0), all.length - 1);
    column.tabIndex = -1;
    all[at].tabIndex = 0;
    all[at].focus();
  }
});
