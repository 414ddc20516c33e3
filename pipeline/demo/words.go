package demo

// kind is a kind of role in the made-up city.
type kind struct {
	title              string
	pay                int // thousand dollars a year, before the level
	must, nice, duties []string
}

var kinds = []kind{
	{"Backend Engineer", 120, []string{"Go", "PostgreSQL", "REST", "Docker", "Redis", "gRPC", "Kafka", "Java", "Python"}, []string{"GraphQL", "Terraform", "AWS"},
		[]string{"Design and build backend services", "Write APIs that other teams rely on", "Own your services in production"}},
	{"Frontend Engineer", 110, []string{"React", "TypeScript", "JavaScript", "CSS", "HTML", "Next.js", "Vue.js"}, []string{"GraphQL", "Figma", "Storybook"},
		[]string{"Build accessible web pages", "Improve the speed of our web application", "Work with designers on the design system"}},
	{"Full Stack Developer", 112, []string{"TypeScript", "React", "Node.js", "PostgreSQL", "Ruby on Rails", "Django"}, []string{"AWS", "Docker"},
		[]string{"Ship features from database to browser", "Write tests for what you build"}},
	{"Android Developer", 112, []string{"Kotlin", "Android", "Java", "Jetpack Compose"}, []string{"Flutter", "Firebase"}, []string{"Build our Android app", "Release to the store every two weeks"}},
	{"iOS Developer", 114, []string{"Swift", "iOS", "SwiftUI", "Objective-C"}, []string{"React Native"}, []string{"Build our iOS app", "Measure crashes and fix them"}},
	{"DevOps Engineer", 125, []string{"Terraform", "AWS", "Ansible", "CI/CD", "Linux", "Docker", "GitHub Actions"}, []string{"Prometheus", "Go"},
		[]string{"Automate our delivery pipeline", "Maintain infrastructure as code", "Cut the lead time from commit to production"}},
	{"QA Engineer", 90, []string{"Selenium", "Playwright", "Python", "Cypress"}, []string{"JMeter"}, []string{"Automate regression tests", "Report on quality to the teams"}},
	{"Embedded Software Engineer", 115, []string{"C", "C++", "RTOS", "Linux"}, []string{"Rust", "Yocto"}, []string{"Write firmware for made-up devices", "Debug on hardware"}},
	{"Site Reliability Engineer", 135, []string{"Linux", "Prometheus", "Grafana", "Go", "Terraform", "AWS", "Python"}, []string{"eBPF", "Kafka"},
		[]string{"Take part in the on-call rotation", "Define SLOs and error budgets", "Lead incident response and write post-mortems"}},
	{"Systems Administrator", 85, []string{"Linux", "Windows Server", "Active Directory", "VMware", "Bash", "PowerShell"}, []string{"Ansible", "Azure"},
		[]string{"Run our servers and storage", "Patch systems and restore backups", "Keep RTO and RPO within the agreed limits"}},
	{"Network Engineer", 95, []string{"BGP", "OSPF", "Cisco", "firewalls", "DNS", "VPN"}, []string{"Python", "Ansible"}, []string{"Plan and run the network", "Troubleshoot outages"}},
	{"IT Support Specialist", 60, []string{"Windows", "Active Directory", "Office 365", "ServiceNow"}, []string{"PowerShell"}, []string{"Answer tickets of our colleagues", "Set up laptops for new colleagues"}},
	{"Database Administrator", 105, []string{"PostgreSQL", "Oracle", "SQL", "MySQL"}, []string{"AWS", "Python"}, []string{"Tune queries", "Plan backups and test restores"}},
	{"Security Analyst", 100, []string{"SIEM", "Splunk", "incident response", "MITRE ATT&CK", "EDR"}, []string{"Python", "CISSP"},
		[]string{"Watch alerts in our security operations centre", "Investigate incidents", "Bring down MTTD and MTTR"}},
	{"Application Security Engineer", 130, []string{"OWASP", "threat modeling", "Burp Suite", "Python", "SAST"}, []string{"Go", "AWS"},
		[]string{"Review designs and code for weaknesses", "Teach secure coding to developers"}},
	{"Penetration Tester", 110, []string{"Burp Suite", "Metasploit", "Kali Linux", "Python"}, []string{"OSCP"}, []string{"Test our applications and networks", "Write reports that people read"}},
	{"Data Engineer", 125, []string{"Python", "SQL", "Spark", "Airflow", "dbt", "Snowflake", "Kafka"}, []string{"Terraform", "Scala"},
		[]string{"Build data pipelines", "Watch data freshness and data quality", "Model data for analysts", "Keep personal data private under GDPR"}},
	{"Data Analyst", 85, []string{"SQL", "Tableau", "Excel", "Power BI", "Python"}, []string{"dbt", "Looker"}, []string{"Build dashboards for decision makers", "Run A/B tests with the product teams"}},
	{"Data Scientist", 125, []string{"Python", "machine learning", "SQL", "pandas", "scikit-learn"}, []string{"PyTorch", "Spark"}, []string{"Build forecasts", "Turn questions of the business into experiments"}},
	{"Machine Learning Engineer", 145, []string{"Python", "PyTorch", "machine learning", "Docker", "LLM"}, []string{"MLflow", "Ray"}, []string{"Bring models to production", "Monitor models for drift"}},
	{"Product Manager", 120, []string{"SQL", "Jira"}, []string{"Figma"}, []string{"Own the roadmap", "Talk to customers every week"}},
	{"Account Executive", 80, []string{"Salesforce"}, []string{"HubSpot"}, []string{"Win new customers", "Negotiate contracts"}},
}

var levels = []struct {
	prefix string
	pay    int
	years  int
}{{"Junior", -25, 0}, {"", 0, 3}, {"", 0, 3}, {"Senior", 30, 5}, {"Senior", 30, 6}, {"Staff", 60, 8}}

var duties = []string{
	"Work with product, design and customers across functions",
	"Mentor colleagues and lead technical decisions",
	"Automate what is done by hand today",
	"Use metrics and dashboards to decide what to do next",
	"Deploy to production several times a day",
	"Watch logs, metrics and alerts of what you build",
	"Keep our systems secure and compliant with ISO 27001",
	"Answer questions of customers and learn from their feedback",
	"Plan capacity of our cloud infrastructure",
}

var places = []struct{ name string }{
	{"Berlin, Germany"}, {"London, United Kingdom"}, {"Amsterdam, Netherlands"}, {"Paris, France"}, {"New York, NY"}, {"San Francisco, CA"},
	{"Austin, TX"}, {"Toronto, Canada"}, {"Bangalore, India"}, {"Warsaw, Poland"}, {"Madrid, Spain"}, {"Dublin, Ireland"},
}

var streetNames = []string{"Elm Street", "Harbour", "Old Town", "Riverside", "Lighthouse", "North Gate", "Market Square", "Hilltop", "Canal", "Orchard", "Station", "Bridge"}

var trades = []string{
	"Bakery Software", "Bicycle Cloud", "Umbrella Insurance Systems", "Tram Data", "Lantern Security", "Fountain Analytics", "Clocktower Payments",
	"Garden Robotics", "Museum Tickets", "Ferry Logistics", "Chimney Sensors", "Library Search", "Postcard Mail", "Orchestra Streaming", "Pigeon Messaging",
	"Windmill Energy", "Cobblestone Maps", "Balcony Hosting", "Aqueduct Storage", "Carousel Games", "Newsstand Media", "Pharmacy Records", "Tailor Commerce", "Observatory AI",
}
