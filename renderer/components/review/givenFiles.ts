/** A file that was given to the page, by the name that it is told by: its path below the folder that was given. */
export interface NamedFile {
  name: string
  file: File
}

/** The files of an input; of folders, all that is in them. */
export const filesOfInput = (input: HTMLInputElement): NamedFile[] =>
  Array.from(input.files ?? [], (file) => ({ name: file.webkitRelativePath || file.name, file }))

/** The files that were dropped, and all that is in the folders that were. */
export async function filesOfDrop(transfer: DataTransfer): Promise<NamedFile[]> {
  // The list is emptied as soon as the event is over, so everything is taken out of it first.
  const dropped = Array.from(transfer.items, (item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }))
  const files = await Promise.all(
    // What a program put there has no entry, and is a file for sure.
    dropped.map(({ entry, file }) =>
      entry ? filesOf(entry) : Promise.resolve(file ? [{ name: file.name, file }] : []),
    ),
  )
  return files.flat()
}

async function filesOf(entry: FileSystemEntry): Promise<NamedFile[]> {
  const name = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      ;(entry as FileSystemFileEntry).file(resolve, reject)
    })
    return [{ name, file }]
  }
  const found: NamedFile[] = []
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A folder is told a hundred entries at a time, until there are none left.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (entries.length === 0) return found
    found.push(...(await Promise.all(entries.map(filesOf))).flat())
  }
}
