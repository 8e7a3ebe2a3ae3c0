/* <copy-text data-of="id">: a button that copies the lines of a list; without script one marks and copies them. */
customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const lines = [...document.getElementById(this.dataset.of).children].map((line) => line.textContent.trim());
      await navigator.clipboard.writeText(lines.join("\n"));
      this.querySelector("[data-done]").hidden = false;
    });
  }
});
