/* <toast-note>: leaves after a while, unless it is bad news or someone is reading it. */
const SECONDS = 6;

customElements.define("toast-note", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.remove());
    if (this.matches(".toast--bad")) return;
    this.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.addEventListener("focusin", () => clearTimeout(this.timer));
    this.addEventListener("pointerleave", () => this.wait());
    this.wait();
  }
  disconnectedCallback() {
    clearTimeout(this.timer);
  }
  wait() {
    this.timer = setTimeout(() => this.remove(), SECONDS * 1000);
  }
});

const say = (shape, message) => {
  const corner = document.getElementById("toasts");
  const note = document.getElementById(`toast-${shape}`)?.content.firstElementChild.cloneNode(true);
  if (!note || corner.querySelector(`[data-from=${shape}]`)) return;
  if (message) note.querySelector("p").textContent = message;
  else note.dataset.from = shape;
  // The same word again stands once: one who approves ten in a row need not read it ten times.
  for (const one of [...corner.children]) if (one.textContent === note.textContent) one.remove();
  corner.append(note);
};

// A word the server sends along: HX-Trigger: {"toast": {"message": …, "tone": "good"}}.
document.addEventListener("toast", ({ detail }) => say(detail.tone ?? "good", detail.message));

// The server answers a failure with its own sentence; these are for when it could not.
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response && ctx.sourceElement.id !== "live") say("offline");
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const told = ctx.hx?.trigger?.includes("toast") || ctx.text.includes("<hx-partial");
  if (ctx.response.status !== 422 && ctx.sourceElement.id !== "live" && !told) say("failed");
});
