/** Puts the focus on the page's content, where it draws no frame, without scrolling. */
export function focusMain(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
}
