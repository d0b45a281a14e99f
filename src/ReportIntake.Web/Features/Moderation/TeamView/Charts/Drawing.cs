using System.Globalization;
using System.Text.Encodings.Web;
using System.Xml.Linq;
using Microsoft.AspNetCore.Html;

namespace ReportIntake.Web.Features.Moderation.TeamView.Charts;

/// <summary>
/// A picture that the server draws: SVG with a title and a description in words, so that it is told to whoever cannot see it. As wide
/// as its place; lengths are units of its own, <see cref="Width"/> of them across, which at that width on a phone are about pixels.
/// </summary>
/// <param name="id">Of the element; what belongs to it begins with the same.</param>
public sealed class Drawing(string id, int height, string title, string description) : IHtmlContent
{
    public const int Width = 400;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly XElement patterns = new(Svg + "defs");
    private readonly List<XElement> shapes = [];

    /// <summary>Fills that differ without colour too: all of it, stripes for what is late, dots for what waits for others.</summary>
    public enum Fill
    {
        Solid,
        Striped,
        Dotted,
    }

    public void Bar(double x, double y, double width, double height, string colour, Fill fill = Fill.Solid)
    {
        if (width > 0 && height > 0)
        {
            // A thin line of its own colour around it: stripes and dots have an edge.
            Shape("rect", ("x", x), ("y", y), ("width", width), ("height", height), ("fill", Paint(colour, fill)), ("stroke", colour), ("stroke-width", 1));
        }
    }

    public void Line(double x1, double y1, double x2, double y2, string kind) =>
        Shape("line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("class", "ri-chart__" + kind));

    public void Steps(IEnumerable<(double X, double Y)> points, string kind) =>
        Shape("polyline", ("points", string.Join(' ', points.Select(p => $"{Number(p.X)},{Number(p.Y)}"))), ("class", "ri-chart__" + kind));

    public void Dot(double x, double y, string kind) => Shape("circle", ("cx", x), ("cy", y), ("r", 3.5), ("class", "ri-chart__" + kind));

    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>: which part of the text is at <paramref name="x"/>.</param>
    public void Text(double x, double y, string text, string anchor = "start", string kind = "text")
    {
        Shape("text", ("x", x), ("y", y), ("text-anchor", anchor), ("class", "ri-chart__" + kind));
        shapes[^1].Value = text;
    }

    /// <summary>One line of the key at the foot: a sample of each fill and what it means.</summary>
    public void Key(double y, IEnumerable<(string Colour, Fill Fill, string Meaning)> entries)
    {
        var x = 0.0;
        foreach (var (colour, fill, meaning) in entries)
        {
            var needed = 22 + (meaning.Length * 8.4);
            if (x > 0 && x + needed > Width)
            {
                (x, y) = (0, y + 20);
            }

            Bar(x + 1, y - 11, 14, 12, colour, fill);
            Text(x + 20, y, meaning);
            x += needed + 8;
        }
    }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var (titleId, descriptionId) = (id + "-title", id + "-text");
        var svg = new XElement(
            Svg + "svg",
            new XAttribute("id", id), new XAttribute("class", "ri-chart"), new XAttribute("role", "img"), new XAttribute("aria-labelledby", $"{titleId} {descriptionId}"),
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {height}")),
            new XElement(Svg + "title", new XAttribute("id", titleId), title),
            new XElement(Svg + "desc", new XAttribute("id", descriptionId), description),
            patterns,
            shapes);
        writer.Write(svg.ToString(SaveOptions.DisableFormatting)); // XElement encodes every text and attribute
    }

    private string Paint(string colour, Fill fill)
    {
        if (fill is Fill.Solid)
        {
            return colour;
        }

        var name = $"{id}-{fill.ToString().ToLowerInvariant()}-{colour[1..]}";
        if (patterns.Elements().All(p => p.Attribute("id")?.Value != name))
        {
            patterns.Add(new XElement(
                Svg + "pattern", new XAttribute("id", name), new XAttribute("width", 6), new XAttribute("height", 6), new XAttribute("patternUnits", "userSpaceOnUse"),
                fill is Fill.Striped ? new XAttribute("patternTransform", "rotate(45)") : null,
                new XElement(Svg + "rect", new XAttribute("width", 6), new XAttribute("height", 6), new XAttribute("fill", "#fff")),
                fill is Fill.Striped
                    ? new XElement(Svg + "rect", new XAttribute("width", 3), new XAttribute("height", 6), new XAttribute("fill", colour))
                    : new XElement(Svg + "circle", new XAttribute("cx", 3), new XAttribute("cy", 3), new XAttribute("r", 1.3), new XAttribute("fill", colour))));
        }

        return $"url(#{name})";
    }

    private void Shape(string name, params (string Name, object Value)[] attributes) =>
        shapes.Add(new XElement(Svg + name, attributes.Select(a => new XAttribute(a.Name, a.Value is string text ? text : Number(Convert.ToDouble(a.Value, CultureInfo.InvariantCulture))))));

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
