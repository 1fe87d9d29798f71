import Catalogue
import Testing

struct RunFilterTests {
  @Test(
    "an error names the character, what was found, what was expected and the nearest name",
    arguments: [
      ("sparsty > 0.5", "column 1: found 'sparsty', expected a column; did you mean 'sparsity'?"),
      ("f1 > 0.5 and", "column 13: found the end, expected a column"),
      ("f1 > 0.5 f1", "column 10: found 'f1', expected 'and', 'or' or the end"),
      ("(f1 > 0.5", "column 10: found the end, expected 'and', 'or' or ')'"),
      ("f1 0.5", "column 4: found the number 0.5, expected a comparison"),
      ("f1 > 'x'", "column 6: found the text 'x', expected a number, as 'f1' is one"),
      ("name = 3", "column 8: found the number 3, expected a text in quotes"),
      ("name = 'a", "column 8: found a text without end, expected a closing '"),
      ("f1 ~ 3", "column 6: found the number 3, expected a number: 'f1' is not text"),
      ("1 = 1", "column 1: found the number 1, expected a column on one side of '='"),
      ("f1 ! 1", "column 4: found '!', expected '!='"),
      ("f1 > 1.2.3", "column 6: found '1.2.3', expected a number"),
      ("f1 > 1e999", "column 6: found '1e999', expected a number"),
      ("f1 = name", "column 6: found 'name', expected a column of the same kind as 'f1'"),
      ("seed = 1.5", "column 8: found the number 1.5, expected a whole number"),
      ("started_at > 'soon'", "column 14: found the text 'soon', expected a date"),
      ("f1 > none", "column 6: found 'none', expected '=' or '!=' before 'none'"),
      ("'x' like name", "column 1: found the text 'x', expected a column on the left of 'like'"),
      ("name = 'a'; drop table run", "column 11: found ';', expected"),
      ("", "column 1: found the end, expected a column"),
      (String(repeating: "(", count: 65), "column 65: found '('"),
      (
        Array(repeating: "f1>0", count: 201).joined(separator: " or "),
        "expected at most 200 comparisons"
      ),
      (String(repeating: " ", count: 4097), "column 4097: found an expression of 4097"),
    ])
  func errors(text: String, expected: String) {
    do {
      _ = try RunFilter(parsing: text)
      Issue.record("accepted")
    } catch {
      #expect("\(error)".hasPrefix("--where: "))
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test("a column to sort by that is none is an error with the nearest")
  func order() {
    #expect(
      throws: CatalogueError.expression(
        option: "--sort", column: 1, found: "'mean_jacard'", expected: "a column",
        nearest: "mean_jaccard")
    ) { try RunOrder(by: "mean_jacard", isDescending: false) }
  }
}
