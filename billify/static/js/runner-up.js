/* The runner-up of an unsure field in its place, and behind the last one what stood there first. */
import { put } from "./put.js";

export function nextRunnerUp(field) {
  const all = [...(field.closest(".form__cell")?.querySelectorAll(".runner") ?? [])];
  const at = all.findIndex((one) => one.ariaPressed === "true");
  if (all.length) takeRunnerUp(all[(at + 1) % (all.length + 1)] ?? null, field);
}

export function takeRunnerUp(runner, field) {
  field.dataset.read ??= field.value;
  for (const one of field.closest(".form__cell").querySelectorAll(".runner")) one.ariaPressed = String(one === runner);
  put(field, runner ? runner.dataset.value : field.dataset.read);
  document.dispatchEvent(new CustomEvent("box-wanted", { detail: { field: field.name, runner: runner?.dataset.runner } }));
}
