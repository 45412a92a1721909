/** Somebody with an account. */
export interface Person {
  id: string
  name: string
  password: string
  project: ProjectRecord
  roles: string[]
}

/** A project as Keystone knows it. */
export interface ProjectRecord {
  id: string
  name: string
  description: string
}

/** Stands for its person, in that person's project only. */
export interface ApplicationCredential {
  id: string
  name: string
  secret: string
  person: Person
}

/** Who a token is for. */
export interface Session {
  token: string
  person: Person
  /** Absent when unscoped. */
  project: ProjectRecord | undefined
  methods: string[]
  auditIds: string[]
  issuedAt: number
  expiresAt: number
  credential: ApplicationCredential | undefined
}
