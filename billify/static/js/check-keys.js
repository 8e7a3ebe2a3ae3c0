/* <check-keys>: through the unsure fields by keyboard, the runner-up with one key, and on to the next
   document. No key approves while a field is unsure; the button does. */
import { areLettersOff } from "./letters.js";
import { nextRunnerUp, takeRunnerUp } from "./runner-up.js";

const INPUT = "input:not([type=hidden]), select, textarea";
// A key pressed twice in haste must not decide on a document that nobody has seen yet.
const HASTE_MS = 500;
let decided = -HASTE_MS;

customElements.define("check-keys", class extends HTMLElement {
  connectedCallback() {
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("change", ({ target }) => this.right(target));
    this.addEventListener("click", (event) => {
      const runner = event.target.closest(".runner");
      if (!runner) return;
      event.preventDefault();
      takeRunnerUp(runner, this.querySelector(`[name="${runner.dataset.field}"]`));
    });
    this.addEventListener("htmx:after:swap", ({ detail }) => detail.ctx?.response?.status === 422 && this.look());
    this.look();
  }
  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }
  look() {
    // The field to look at first, or the place where single letters count. A phone would show its keyboard.
    const bad = this.querySelector("[aria-invalid=true]");
    if (matchMedia("(pointer: fine)").matches) (bad ?? this.unsure[0] ?? document.getElementById("main")).focus({ preventScroll: !bad });
  }
  get unsure() {
    return [...this.querySelectorAll(".field--doubt:not(.is-right)")].map((field) => field.querySelector(INPUT));
  }
  key(event) {
    if (event.defaultPrevented || event.repeat || document.querySelector("dialog[open]")) return;
    const isTyped = event.target.closest("input, select, textarea");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const isHere = this.contains(event.target);
    if (event.key === "F8") this.next();
    else if (event.key === "F9" && isHere) nextRunnerUp(event.target);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.decide();
    else if (event.key === "Escape" && isTyped) document.getElementById("main").focus({ preventScroll: true });
    else if (event.key === "Enter" && isPlain && isTyped?.matches("#invoice-form :is(input, select)")) this.accept(event.target);
    else if (isTyped || !isPlain || areLettersOff(event.key) || !this.letter(event.key)) return;
    event.preventDefault();
  }
  letter(key) {
    const act = { n: () => this.next(), a: () => this.decide(), s: () => this.press("[form=set-aside]"), "?": () => document.getElementById("keys").showModal(), j: () => this.press("[data-turn=after]", document), k: () => this.press("[data-turn=before]", document) }[key];
    act?.();
    return Boolean(act);
  }
  accept(field) { this.right(field); this.next(); }
  press(selector, within = this) { within.querySelector(selector)?.click(); }
  next() {
    const here = document.activeElement;
    const left = this.unsure;
    const after = left.find((field) => here.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
    (after ?? left[0] ?? this.decision)?.focus();
  }
  get decision() {
    return this.querySelector("[data-do=approve]") ?? this.querySelector("[data-do=save]");
  }
  decide() {
    if (this.unsure.length) return this.next();
    if (performance.now() - decided < HASTE_MS) return;
    decided = performance.now();
    this.decision?.click();
  }
  right(field) {
    const frame = field.closest(".field--doubt:not(.is-right)");
    if (!frame) return;
    frame.classList.add("is-right");
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: "checked", value: field.name });
    frame.append(said);
  }
});
