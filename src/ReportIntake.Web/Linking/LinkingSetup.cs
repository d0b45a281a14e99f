namespace ReportIntake.Web.Linking;

public static class LinkingSetup
{
    public static IServiceCollection AddLinking(this IServiceCollection services) => services.AddScoped<TextIndex>().AddScoped<ReportClusters>();
}
