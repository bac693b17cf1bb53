// Every address of the app, in one place.

export const paths = {
  home: "/",
  signIn: "/sign-in",
  signUp: "/sign-up",
  connect: "/connect",
  connection: "/connection",
  chats: "/chats",
  chat: "/chats/$chatId",
} as const;
