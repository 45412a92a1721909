/** What a file is called, without where it lies. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Where a file lies, with the slash at its end; empty where nothing tells. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)
