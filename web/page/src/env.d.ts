declare module "@orakgarak/core.wasm?url" {
  const url: string;
  export default url;
}
