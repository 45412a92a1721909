/** Hands text to the operator as a file; the browser asks where it goes. */
export function download(name: string, mediaType: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${mediaType};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has taken the content by the next turn.
  setTimeout(() => URL.revokeObjectURL(address), 0)
}
