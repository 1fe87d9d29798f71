import Experiments
import Testing

struct CSVTests {
  @Test("what has to be quoted is quoted")
  func quotes() {
    #expect(
      CSV.text([["a", "b c"], ["x,y", "say \"hi\""], ["two\r\nlines", ""]])
        == "a,b c\r\n\"x,y\",\"say \"\"hi\"\"\"\r\n\"two\r\nlines\",\r\n")
  }

  @Test("a record alone has no line end")
  func line() {
    #expect(CSV.line(["1", "grass, wet", "2"]) == "1,\"grass, wet\",2")
  }
}
