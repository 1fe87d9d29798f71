internal import Experiments
internal import TerminalUI

/// The field for a person's words on the present moment.
struct NotePopup: Widget {
  /// What was typed.
  let input: TextInput

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let popup = Popup(
      title: "A note on this moment", contentSize: Size(width: 62, height: 3),
      footer: [
        Span("Enter", .footerKey), Span(" keep it  ", .popup), Span("Esc", .footerKey),
        Span(" cancel ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    let parts = inner.rows([.fixed(inner.height > 2 ? 1 : 0), .fixed(1), .rest])
    screen.put(input, prompt: "> ", in: parts[1], focused: true, look: look)
    screen.put(
      "It becomes an event of the run and a line on the charts.", in: parts[2], style: look[.dim],
      ellipsis: look.glyphs.ellipsis)
  }
}
