using System.Runtime.CompilerServices;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests;

internal static class OwnTemporaryPlace
{
    [ModuleInitializer]
    internal static void Take() => TemporaryPlace.Take();
}
