/// What a piece of text stands for; a theme says how each role looks.
///
/// The raw value is the role's name in a theme file.
public enum StyleRole: String, CaseIterable, Hashable, Sendable {
  /// Ordinary text.
  case text
  /// Text that may be overlooked: units, raw curves, empty states.
  case dim
  /// Text that stands out.
  case strong
  /// The frame of a pane.
  case border
  /// The frame of the pane that has the focus.
  case borderFocused = "border-focused"
  /// The title of a pane.
  case title
  /// The title of the pane that has the focus.
  case titleFocused = "title-focused"
  /// What is selected, current or interesting.
  case accent
  /// All is well.
  case good
  /// Look at this.
  case warning
  /// Act on this.
  case critical
  /// The line at the top of the screen.
  case header
  /// The name of a key in the footer.
  case footerKey = "footer-key"
  /// What a key does, in the footer.
  case footerText = "footer-text"
  /// The selected row of a list.
  case selection
  /// The head of a table's column, a label.
  case label
  /// The part of a bar that isn't filled.
  case track
  /// The mark of a target on a bar.
  case target
  /// The axis of a chart and its figures.
  case axis
  /// A vertical marker on a chart.
  case marker
  /// The read-out cursor of a chart or heatmap.
  case cursor
  /// A tab that isn't selected.
  case tab
  /// The selected tab.
  case tabSelected = "tab-selected"
  /// A field of a form.
  case field
  /// The field of a form that has the focus.
  case fieldFocused = "field-focused"
  /// What is wrong with a field.
  case invalid
  /// A popup's text and background.
  case popup
  /// The alarm strip.
  case alarm
  /// Curve, bar or mark 1.
  case series1 = "series-1"
  /// Curve, bar or mark 2.
  case series2 = "series-2"
  /// Curve, bar or mark 3.
  case series3 = "series-3"
  /// Curve, bar or mark 4.
  case series4 = "series-4"
  /// Curve, bar or mark 5.
  case series5 = "series-5"
  /// Curve, bar or mark 6.
  case series6 = "series-6"
  /// Curve, bar or mark 7.
  case series7 = "series-7"
  /// Curve, bar or mark 8.
  case series8 = "series-8"
  /// Curve, bar or mark 9.
  case series9 = "series-9"
  /// Curve, bar or mark 10.
  case series10 = "series-10"
  /// The coldest step of the heat ramp.
  case heat0 = "heat-0"
  /// Step 1 of the heat ramp.
  case heat1 = "heat-1"
  /// Step 2 of the heat ramp.
  case heat2 = "heat-2"
  /// Step 3 of the heat ramp.
  case heat3 = "heat-3"
  /// Step 4 of the heat ramp.
  case heat4 = "heat-4"
  /// Step 5 of the heat ramp.
  case heat5 = "heat-5"
  /// Step 6 of the heat ramp.
  case heat6 = "heat-6"
  /// Step 7 of the heat ramp.
  case heat7 = "heat-7"
  /// Step 8 of the heat ramp.
  case heat8 = "heat-8"
  /// Step 9 of the heat ramp.
  case heat9 = "heat-9"
  /// Step 10 of the heat ramp.
  case heat10 = "heat-10"
  /// Step 11 of the heat ramp.
  case heat11 = "heat-11"
  /// Step 12 of the heat ramp.
  case heat12 = "heat-12"
  /// Step 13 of the heat ramp.
  case heat13 = "heat-13"
  /// Step 14 of the heat ramp.
  case heat14 = "heat-14"
  /// The hottest step of the heat ramp.
  case heat15 = "heat-15"
}
