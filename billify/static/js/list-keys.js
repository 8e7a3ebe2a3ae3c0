/* <list-keys>: j and k walk the rows, x marks, Enter opens, / searches; the bulk bar counts the marks.
   What carries data-key in the current row is pressed by that key, and with data-onward the next row follows. */
import { areLettersOff } from "./letters.js";

customElements.define("list-keys", class extends HTMLElement {
  connectedCallback() {
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("change", ({ target }) => {
      if (target.matches("[data-all]")) for (const box of this.boxes) box.checked = target.checked;
      this.count();
    });
    this.addEventListener("htmx:after:swap", () => this.count());
    this.addEventListener("htmx:after:settle", () => this.count());
    this.count();
  }
  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }
  get rows() {
    // What waits above a list is walked through too.
    return [...document.querySelectorAll(":is(list-keys, .inbox) tbody > tr:has(.table__link)")];
  }
  get boxes() {
    return [...this.querySelectorAll("tbody .table__pick")];
  }
  count() {
    this.stay();
    const bar = this.querySelector(".bulk");
    const marked = this.boxes.filter((box) => box.checked).length;
    const all = this.querySelector("[data-all]");
    if (all) {
      all.checked = marked > 0 && marked === this.boxes.length;
      all.indeterminate = marked > 0 && !all.checked;
    }
    if (!bar) return;
    bar.classList.toggle("is-open", marked > 0);
    bar.querySelector("[data-count]").textContent = marked;
  }
  stay() {
    // A row that was swapped is still the one a person stands on.
    const row = this.at && document.getElementById(this.at);
    if (!row || row.classList.contains("is-current")) return;
    row.classList.add("is-current");
    if (document.activeElement === document.body) row.querySelector(".table__link")?.focus({ preventScroll: true });
  }
  press(row, key) {
    const button = /^[a-z]$/.test(key) && row?.querySelector(`[data-key=${key}]`);
    if (!button) return false;
    button.click();
    return true;
  }
  key(event) {
    const busy = event.target.closest("input:not(.table__pick), textarea, select, dialog, [popover]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || areLettersOff(event.key)) return;
    const rows = this.rows;
    const at = rows.findIndex((row) => row.classList.contains("is-current"));
    const step = { j: 1, k: -1 }[event.key];
    if (step) this.go(rows, Math.min(Math.max(at + step, 0), rows.length - 1));
    else if (event.key === "x" && at >= 0) rows[at].querySelector(".table__pick")?.click();
    else if (event.key === "Enter" && at >= 0 && !event.target.closest("a, button")) rows[at].querySelector(".table__link").click();
    else if (!event.repeat && this.press(rows[at], event.key)) rows[at].querySelector(`[data-key=${event.key}][data-onward]`) && this.go(rows, Math.min(at + 1, rows.length - 1));
    else if (event.key === "/") this.querySelector("[data-search]")?.focus();
    else return;
    event.preventDefault();
  }
  go(rows, at) {
    this.at = rows[at]?.id;
    for (const [place, row] of rows.entries()) row.classList.toggle("is-current", place === at);
    rows[at]?.querySelector(".table__link").focus({ preventScroll: true });
    rows[at]?.scrollIntoView({ block: "nearest" });
  }
});
